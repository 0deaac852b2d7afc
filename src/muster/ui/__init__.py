"""What the web and the station show with: tokens, macros, charts and texts in Vietnamese and English. No framework."""
