"""Whole networks drawn and counted; an Inception block and a residual block, unfolded."""

from explorer.ui.shell import begin

begin(
    "Architectures",
    "How AlexNet, VGG, Inception and ResNet are built, with the shape on every edge and what each layer costs.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("architectures")
