"""The content of pages/attribution.py: `explore` in page.py, and what only that page shows."""
