"""The content of pages/feature_maps.py: `explore` in page.py, and what only that page shows."""
