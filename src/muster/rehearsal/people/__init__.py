"""A synthetic people: households as the census counts them, with names, papers, work, schools. All drawn."""
