"""A CNN and an MLP that saw their objects in one corner only, asked everywhere."""

from explorer.ui.shell import begin

begin(
    "Why not an MLP",
    "What a fully connected network learns about one place it does not know about the next. A convolution does.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("why_not_an_mlp")
