"""An audit report as a string, one file per format; nothing here prints or reads files."""
