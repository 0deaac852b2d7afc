"""Keys: the provider of master keys and signatures, and one key for every sealed record, erasable by itself."""
