"""Every text that people read, and the keyboards below them."""
