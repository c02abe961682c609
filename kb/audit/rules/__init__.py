"""The rules of the audit, a file for each; `registry` has them all."""
