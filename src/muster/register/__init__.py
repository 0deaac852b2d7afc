"""The population register: persons, households, numbers, residences, and what happened to them in law."""
