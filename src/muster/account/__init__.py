"""e-ID accounts: asked for with a dossier, at a desk or online, decided, activated on one device, locked, closed."""
