"""What citizens see without signing in: where their card is, and filing for a small child."""
