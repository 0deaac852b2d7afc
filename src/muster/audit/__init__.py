"""Audit: who looked at whom and who changed what, and why; chained, sealed and signed, so that no row can be bent."""
