"""Draw or choose a picture and see the whole network answer."""

from explorer.ui.shell import begin

begin("CNN Explorer", "Draw a digit or choose a picture, and watch every layer of a trained network answer.")

from explorer.ui.home import draw_and_look  # noqa: E402  after the shell: it needs torch

draw_and_look()
