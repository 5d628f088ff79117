"""The content of pages/train_live.py: `explore` in page.py, and what only that page shows."""
