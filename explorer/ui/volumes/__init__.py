"""The content of pages/volumes.py: `explore` in page.py, and what only that page shows."""
