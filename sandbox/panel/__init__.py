"""A simulated SMM panel: panel API v2 and its second script family, with planned faults."""
