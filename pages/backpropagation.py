"""How a gradient at a layer's output becomes gradients at its weights and its input."""

from explorer.ui.shell import begin

begin(
    "Backpropagation",
    "∂L/∂output says how much the loss L changes with each output number. Carry it back through one layer, step by step.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("backpropagation")
