"""Compare activations: two pictures, layers, networks or moments; class averages; layer similarity; the plane of features."""

from explorer.ui.shell import begin

begin(
    "Compare activations",
    "Two networks, or two moments of one: what their layers answer, where they agree, and whether features tell classes apart.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("compare_activations")
