"""The admins' order desk: orders, services, the provider."""
