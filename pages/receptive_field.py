"""What a unit sees of the input, layer by layer."""

from explorer.ui.shell import begin

begin(
    "Receptive field",
    "What one unit sees of the input: through a stack of layers, and in any network. Click a unit.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("receptive_field")
