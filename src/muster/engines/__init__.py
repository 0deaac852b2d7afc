"""Engines: algorithms as pure functions, data in, data out. No framework, no I/O, no clock of their own."""
