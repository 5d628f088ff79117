"""Looking inside any nn.Module. Knows networks; not Streamlit, not figures, not training."""
