"""Kernel: the words every room shares - names, dates, numbers, clock, refusals. No framework, no I/O."""
