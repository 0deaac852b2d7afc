"""Reporting: figures frozen at fixed times, signed and certified; the board, ranking and forecasts read from here."""
