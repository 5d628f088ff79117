"""The content of pages/segmentation.py: `explore` in page.py, and what only that page shows."""
