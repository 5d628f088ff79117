"""Unpooling: the way back to a larger grid, cell by cell, on a picture, and through a trained network."""

from explorer.ui.shell import begin

begin(
    "Unpooling",
    "Pooling throws numbers away. Whoever wants a picture out of a network again has to fill their places.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("unpooling")
