"""The desk: take a person's dossier step by step as the law of the day wants it, and see where it is."""
