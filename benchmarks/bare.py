"""The yardstick: the least Streamlit and one empty browser component can do. Knows nothing of the explorer.

Two things, each in a fragment of its own: a component that sends a number and gets one back, and a plain button that
changes a text. torch is imported because the explorer's server has it too.
"""

import streamlit as st
import torch  # noqa: F401

# The button has the pad's duties without the drawing: send at pointerup, and mark the frame after the new data arrived.
ECHO = st.components.v2.component(
    "bare.echo",
    html='<button type="button">echo</button>',
    js="""
    const seen = new WeakMap();
    export default function ({ parentElement, data, setStateValue }) {
      const button = parentElement.querySelector("button");
      if (!seen.has(parentElement)) {
        button.addEventListener("pointerup", () => {
          performance.mark("echo-sent");
          button.send(Math.random());
        });
      }
      seen.set(parentElement, data.count);
      button.send = (value) => setStateValue("sent", value);
      button.textContent = `echo ${data.count}`;
      requestAnimationFrame(() => performance.mark("echo-painted"));
    }
    """,
)


@st.fragment
def round_trip() -> None:
    """What the browser sends comes back as a new count."""
    ECHO(key="echo", data={"count": st.session_state.get("count", 0)}, on_sent_change=_count)


def _count() -> None:
    st.session_state["count"] = st.session_state.get("count", 0) + 1


@st.fragment
def plain() -> None:
    """A button and a text, all Streamlit's own."""
    if st.button("plain"):
        st.session_state["plain"] = st.session_state.get("plain", 0) + 1
    st.text(f"plain {st.session_state.get('plain', 0)}")


st.title("Bare")
round_trip()
plain()
