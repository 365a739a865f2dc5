"""Owns what people would use instead; each rival does its job as its own makers would."""
