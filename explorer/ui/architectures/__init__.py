"""The content of pages/architectures.py: `explore` in page.py, and what only that page shows."""
