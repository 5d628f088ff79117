"""Which pixels matter: saliency, gradients, Grad-CAM and occlusion side by side, and their honesty check."""

from explorer.ui.shell import begin

begin(
    "Which pixels matter",
    "Five ways to ask a network for its reasons, on one picture, and a check of which answers can be trusted.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("attribution")
