"""The checker's pages: what waits and why, a dossier beside the register, two people side by side."""
