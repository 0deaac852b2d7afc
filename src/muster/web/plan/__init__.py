"""The pages of the plan: targets, kits, sessions of a week, scenarios, appointments of a day."""
