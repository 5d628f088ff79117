"""Any number in any network, taken apart down to the pixels."""

from explorer.ui.shell import begin

begin(
    "Where a number comes from",
    "Every number in a network is made from numbers below it. Take one apart, then go on with one of its parts.",
)

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("provenance")
