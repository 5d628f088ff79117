"""The inputs of a data set that excite each channel most."""

from explorer.ui.shell import begin

begin(
    "What excites a channel",
    "One pass over a data set finds, for every channel of every convolutional layer, the pictures that it answers to most.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("top_patches")
