"""The content of pages/pooling.py: `explore` in page.py, and what only that page shows."""
