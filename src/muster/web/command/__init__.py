"""The pages of command: counts of any unit as known at any moment, and the campaign's clock."""
