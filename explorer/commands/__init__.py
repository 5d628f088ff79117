"""What `python -m explorer` does: a file for each command, whose `run(options)` returns the exit status. Knows printing."""
