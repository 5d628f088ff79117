"""What one layer does to numbers, exactly and step by step: arrays in, frozen records out.

Knows convolution, pooling, transposed convolution, their matrices, gradients and receptive fields, in float64 NumPy.
Knows nothing of networks, pictures on a screen, Streamlit or Plotly.
"""
