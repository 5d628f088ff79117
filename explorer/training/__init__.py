"""The training loop, its recipes, the process that runs it and what it records. Knows networks and data; not screens."""
