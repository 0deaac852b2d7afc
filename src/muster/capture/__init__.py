"""Dossiers: filed by a parent, or taken at a desk, in a village, at a bedside; what was captured, and every move."""
