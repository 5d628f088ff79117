"""The content of pages/transfer_learning.py: `explore` in page.py, and what only that page shows."""
