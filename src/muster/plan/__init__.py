"""The plan: orders and targets, kits, crews, venues, sessions, appointments, and the scenario that spreads them."""
