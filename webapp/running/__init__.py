"""What operators ask of a server: is it alive, is it ready, what has it done. See docs/operations.md."""
