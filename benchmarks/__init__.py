"""What is timed, and against what. README.md has the commands and the last table of each."""
