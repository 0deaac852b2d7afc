"""Rehearsal: synthetic people, and a whole campaign played with them through the same operations as a real one."""
