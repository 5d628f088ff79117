"""The content of pages/convolution.py: `explore` in page.py, and what only that page shows."""
