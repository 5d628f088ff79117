"""The content of pages/localisation.py: `explore` in page.py, and what only that page shows."""
