"""The content of pages/provenance.py: `explore` in page.py, and what only that page shows."""
