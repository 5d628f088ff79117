"""What a network sees of a picture: planes of numbers, normalised; and other grids that are treated alike."""

from explorer.ui.shell import begin

begin("Images are tensors", "A picture is a grid of numbers. Move the region over it and read them.")

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("images_are_tensors")
