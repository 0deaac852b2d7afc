"""The pages, by reader. A view asks one query or calls one operation, and fills the parts of `muster.ui`."""
