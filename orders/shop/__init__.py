"""What the shop sells: the provider's services, and our offers."""
