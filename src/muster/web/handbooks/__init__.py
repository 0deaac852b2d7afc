"""Handbooks: one printed page a role, in the words and pictures of the product's own screens."""
