"""Compare activations: two pictures, layers, networks or moments; class averages; layer similarity; the plane of features."""

from explorer.ui.shell import begin

begin(
    "Compare activations",
    "Two networks, or two moments of one: what their layers answer, where they agree, and whether features tell classes apart.",
)

from explorer.ui.compare_activations.page import explore  # noqa: E402  after the shell: it needs the imports in the background

explore()
