"""What a unit sees of the input, layer by layer."""

from explorer.ui.shell import begin

begin(
    "Receptive field",
    "What one unit sees of the input: through a stack of layers, and in any network. Click a unit.",
)

from explorer.ui.receptive_field.page import explore  # noqa: E402  after the shell: it needs the imports in the background

explore()
