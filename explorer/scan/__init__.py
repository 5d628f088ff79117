"""One pass over many pictures in a process of its own, and what it found. Knows networks and data sets; not screens."""
