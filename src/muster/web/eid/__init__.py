"""e-ID accounts at the desk and the centre: what waits for a decision, whom to reach, one account, alarms."""
