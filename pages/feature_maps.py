"""Any layer's feature maps, and what made each."""

from explorer.ui.shell import begin

begin("Feature maps", "Every channel of a layer looks for one thing. Choose a layer, point at a map, click it.")

from explorer.ui.staging import stage  # noqa: E402  after the shell: it needs the imports in the background

stage("feature_maps")
