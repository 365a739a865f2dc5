"""Video links: which platform a link belongs to, and which video it names."""
