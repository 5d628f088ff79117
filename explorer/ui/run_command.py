"""A viewer's command on its way to the run's process. Knows jobs and how to say that there is none; not what is shown."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.training.jobs import find_job
from explorer.ui.studio import Command


def send(command: Command) -> None:
    """Send it; one sentence to the viewer where it cannot be obeyed."""
    job = find_job(command.run)
    if job is None:
        st.toast("This run is not training any more: continue from one of its snapshots.")
        return
    try:
        job.command({"name": command.name, "value": command.value})
    except ExplorerError as error:
        st.toast(str(error))
