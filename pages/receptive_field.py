"""What a unit sees of the input, layer by layer."""

from explorer.ui.shell import begin

begin(
    "Receptive field",
    "Stack layers in one dimension. Click a unit to follow the lines down to the inputs it sees.",
)

from explorer.ui.receptive_field import explore  # noqa: E402  after the shell: it needs the imports in the background

explore()
