"""The content of pages/regularisation.py: `explore` in page.py, and what only that page shows."""
