"""Transfer learning: own classes, three students side by side, any cut, and which student suits which task."""

from explorer.ui.shell import begin

begin(
    "Transfer learning",
    "A network that was trained for one task begins another: its first layers are taken over, its last ones are new.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("transfer_learning")
