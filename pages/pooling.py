"""Max and average pooling, step by step, channel by channel, and under shifts."""

from explorer.ui.shell import begin

begin(
    "Pooling",
    "A window slides over the input and keeps one number: the largest, or the mean. There are no weights to learn.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("pooling")
