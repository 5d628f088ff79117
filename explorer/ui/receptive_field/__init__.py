"""The content of pages/receptive_field.py: `explore` in page.py, and what only that page shows."""
