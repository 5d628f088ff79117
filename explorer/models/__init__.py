"""Networks and how each wants to be fed. Knows nn.Module and pictures; not Streamlit, not figures, not training."""
