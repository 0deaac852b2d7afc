"""Sign-in and people: the doors of every page, one's own account, officers and their roles, requests of two people."""
