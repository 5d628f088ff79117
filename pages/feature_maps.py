"""Any layer's feature maps, and what made each."""

from explorer.ui.shell import begin

begin("Feature maps", "Every channel of a layer looks for one thing. Choose a layer, point at a map, click it.")

from explorer.ui.feature_maps.page import explore  # noqa: E402  after the shell: it needs torch

explore()
