"""The CNN Explorer's core: plain Python over arrays and tensors. See README.md for the plan of the rooms."""
