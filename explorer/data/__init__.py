"""Sets of labelled pictures, and what is done to pictures before one learns from them. Knows feeding; not training."""
