"""Events and amounts in English, for auditors and exports."""
