"""Units: country, provinces, districts, communes, hamlets, each for the days it exists, and what became of it."""
