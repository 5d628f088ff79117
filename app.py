"""The front door: page configuration and navigation. Nothing is computed here.

`streamlit run app.py` imports this file once, for the server, and then runs it as a script for every visit and click.
"""

import streamlit as st

if __name__ == "__main__":
    st.set_page_config(layout="wide")  # each page names itself
    pages = {
        "Networks": [
            st.Page("pages/home.py", title="CNN Explorer", default=True),
            st.Page("pages/feature_maps.py", title="Feature maps"),
            st.Page("pages/architectures.py", title="Architectures"),
            st.Page("pages/receptive_field.py", title="Receptive field"),
            st.Page("pages/provenance.py", title="Where a number comes from"),
            st.Page("pages/attribution.py", title="Which pixels matter"),
            st.Page("pages/compare_activations.py", title="Compare activations"),
            st.Page("pages/top_patches.py", title="What excites a channel"),
        ],
        "Layers": [
            st.Page("pages/images_are_tensors.py", title="Images are tensors"),
            st.Page("pages/convolution.py", title="Convolution"),
            st.Page("pages/volumes.py", title="Volumes"),
            st.Page("pages/kernels_on_a_picture.py", title="Kernels on a picture"),
            st.Page("pages/pooling.py", title="Pooling"),
        ],
        "Learning": [
            st.Page("pages/backpropagation.py", title="Backpropagation"),
            st.Page("pages/train_live.py", title="Train LeNet live"),
            st.Page("pages/activations.py", title="Activations and initialisation"),
            st.Page("pages/regularisation.py", title="Regularisation"),
            st.Page("pages/why_not_an_mlp.py", title="Why not an MLP"),
        ],
        "Beyond classification": [
            st.Page("pages/transfer_learning.py", title="Transfer learning"),
            st.Page("pages/unpooling.py", title="Unpooling"),
            st.Page("pages/segmentation.py", title="Segmentation"),
            st.Page("pages/localisation.py", title="Localisation"),
        ],
    }
    st.navigation(pages, position="top").run()
else:
    from explorer.ui.server import lifespan, middleware, routes

    app = st.App(__file__, lifespan=lifespan, routes=routes(), middleware=middleware())
