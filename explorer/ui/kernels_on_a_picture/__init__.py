"""The content of pages/kernels_on_a_picture.py: `explore` in page.py, and what only that page shows."""
