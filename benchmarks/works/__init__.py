"""The works that are measured, each a function from the settings to its tables."""
