"""Many short trainings of three students, measured: accuracy against the number of examples. Knows training; not screens."""
