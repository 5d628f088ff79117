"""Activation functions and first weights: what they do to numbers and gradients in a deep network."""

from explorer.ui.shell import begin

begin(
    "Activations and initialisation",
    "Between two layers stands a function of one number, and every weight starts somewhere. "
    "Both decide whether a deep network learns.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("activations")
