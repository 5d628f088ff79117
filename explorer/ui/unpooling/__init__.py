"""The content of pages/unpooling.py: `explore` in page.py, and what only that page shows."""
