"""Convolution of volumes: many channels in, many feature maps out, and what it costs beside a fully connected layer."""

from explorer.ui.shell import begin

begin(
    "Volumes",
    "A kernel is as deep as its input: it sums over all channels and makes one feature map. Many kernels make many maps.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("volumes")
