"""Uploads, samples, webcam shots and strokes become uint8 arrays here. Knows pictures; not networks, not Streamlit."""
