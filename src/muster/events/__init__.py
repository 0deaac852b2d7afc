"""Events: the journal - every move of every thing as a row - the counters kept from it, and the campaign's clock."""
