from explorer.ui.shell import begin

begin("Soon", "…")
