"""The pages of units: the tree as of any day, where a name leads, and what became of whom."""
