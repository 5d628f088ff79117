"""Batch normalisation, dropout and augmentation: numbers one can change, and what they do to training."""

from explorer.ui.shell import begin

begin(
    "Regularisation",
    "Three ways to help a deep network learn, and to keep it from learning its training pictures by heart.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("regularisation")
