"""The content of pages/compare_activations.py: `explore` in page.py, and what only that page shows."""
