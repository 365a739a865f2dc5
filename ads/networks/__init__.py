"""Ad networks: what each one's script needs, and what each one's server says. See README.md."""
