"""One kernel over a whole picture, before and after."""

from explorer.ui.shell import begin

begin(
    "Kernels on a picture",
    "Run a kernel over any picture. Drag the divider, point at a pixel to see its sum, type into the kernel's cells.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("kernels_on_a_picture")
