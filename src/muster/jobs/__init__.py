"""Jobs: the clock that says what runs when. The work itself stands in each room's operations."""
