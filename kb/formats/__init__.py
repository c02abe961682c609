"""A report as a string, one file per format; nothing here prints, reads files or knows what a claim is."""
