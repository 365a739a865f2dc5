"""Transfer: back-up, export, and import from the predecessor."""
