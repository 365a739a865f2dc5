"""Ad sessions: what ties the reward for an ad to one person and one showing."""
