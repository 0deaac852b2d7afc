"""A synthetic people: households as the census counts them, with names, papers, work and schools. All of it is drawn."""
