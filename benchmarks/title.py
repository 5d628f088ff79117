"""The smallest Streamlit app there is: what a start costs before an app adds anything."""

import streamlit as st

st.title("Bare")
