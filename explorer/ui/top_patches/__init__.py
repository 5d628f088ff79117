"""The content of pages/top_patches.py: `explore` in page.py, and what only that page shows."""
