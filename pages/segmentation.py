"""A class for every pixel: encoder-decoders trained side by side, and what each costs."""

from explorer.ui.shell import begin

begin(
    "Segmentation",
    "Name the class of every pixel. Five small networks do it in five ways: watch them learn, and compare what they cost.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("segmentation")
