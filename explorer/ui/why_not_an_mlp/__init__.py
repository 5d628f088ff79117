"""The content of pages/why_not_an_mlp.py: `explore` in page.py, and what only that page shows."""
