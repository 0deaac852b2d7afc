"""Survey: who is due in a campaign, why, in which group, who has been reached, and who is hard to reach."""
