"""The content of pages/backpropagation.py: `explore` in page.py, and what only that page shows."""
