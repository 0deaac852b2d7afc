"""Law: what the law says, as dated tables with their sources. Pure: no database, no clock, no files.

One module is one subject, and every number of the law (an age, a term, a deadline, a fee) stands in a table
row there, from its first day up to, but without, its last. A new law is new rows; see ADR 0006.
"""
