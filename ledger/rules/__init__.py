"""The rules: what each command does, one module per subject. Pure."""
