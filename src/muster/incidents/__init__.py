"""The incident desk: what stopped the work, who mends it, which spare goes in its place, and what time was lost."""
