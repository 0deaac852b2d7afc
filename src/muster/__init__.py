"""Muster runs a national ID-card campaign, from the population register to the card in hand."""

__version__ = "0.1.0"
