"""One kernel over one input, step by step, every product shown."""

from explorer.ui.shell import begin

begin(
    "Convolution",
    "Slide a kernel over an input. Point at any cell to see where its number comes from; click one to change it.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("convolution")
