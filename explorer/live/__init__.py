"""What runs beside the pages: who may speak to the server, long work, what watchers are told of it. No Streamlit."""
