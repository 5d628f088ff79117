"""A class and a box from one network with two heads."""

from explorer.ui.shell import begin

begin(
    "Localisation",
    "One network says what is on the picture and where: a class, and a box. Watch the boxes find their shapes while it trains.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("localisation")
