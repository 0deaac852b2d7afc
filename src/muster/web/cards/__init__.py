"""Pages of cards: the print centre, the issue desk, what is not collected."""
