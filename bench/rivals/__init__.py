"""What people would use instead; each rival works as its own makers would have it."""
