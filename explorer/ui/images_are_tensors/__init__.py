"""The content of pages/images_are_tensors.py: `explore` in page.py, and what only that page shows."""
