"""Draw or choose a picture and see the whole network answer."""

from explorer.ui.shell import begin

begin("CNN Explorer", "Draw a digit or choose a picture, and watch every layer of a trained network answer.")

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("home")
