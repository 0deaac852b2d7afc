"""A whole campaign played by synthetic citizens and crews, through the operations that real ones use."""
