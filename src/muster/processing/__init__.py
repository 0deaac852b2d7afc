"""Processing: differences from the register, suspected duplicates decided by a person, the number, acceptance."""
