"""The register's pages: find a person, read one whole life, correct it, cancel a number by two, see who looked."""
