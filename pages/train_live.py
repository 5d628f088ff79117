"""Train a network in front of an audience, and rewind it."""

from explorer.ui.shell import begin

begin(
    "Train LeNet live",
    "Press **Train** and watch kernels, feature maps and answers form. Afterwards pull the slider back through the whole run.",
)

from explorer.ui.train_live.page import explore  # noqa: E402  after the shell: it needs the imports in the background

explore()
