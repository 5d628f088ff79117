"""The only room that imports Streamlit. Knows screens and sessions; computes nothing."""
