"""Data sets, the training loop and its recipes. Knows networks; not Streamlit, not figures."""
