"""The content of pages/activations.py: `explore` in page.py, and what only that page shows."""
