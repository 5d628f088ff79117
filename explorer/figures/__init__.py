"""Records in, Plotly figures out. The only room that imports Plotly; never sees a network."""
