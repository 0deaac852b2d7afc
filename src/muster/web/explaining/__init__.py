"""What low units explain: asked, answered, decided, followed up; the pages of those who owe the next move."""
