"""Classes and functions of torch.nn that are no kind of layer here, each with the reason. Knows names only."""

_LOSS_CLASSES = """
    AdaptiveLogSoftmaxWithLoss BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss
    HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss
    MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss
    TripletMarginWithDistanceLoss
"""
_LOSS_FUNCTIONS = """
    binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy ctc_loss gaussian_nll_loss
    hinge_embedding_loss huber_loss kl_div l1_loss linear_cross_entropy margin_ranking_loss mse_loss multi_margin_loss
    multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss smooth_l1_loss soft_margin_loss
    triplet_margin_loss triplet_margin_with_distance_loss
"""
_CONTAINERS = "Container DataParallel ModuleDict ModuleList ParameterDict ParameterList Sequential"
_LAZY = [f"{name}{axes}d" for name in ("BatchNorm", "Conv", "ConvTranspose", "InstanceNorm") for axes in (1, 2, 3)]
_HELPERS = """
    assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary
    has_torch_function_variadic
"""

_LOSS = "compares an answer with the truth; no step of a network that answers"
# name → why it is left out
MODULES: dict[str, str] = {
    **dict.fromkeys(_LOSS_CLASSES.split(), _LOSS),
    **dict.fromkeys(_CONTAINERS.split(), "holds other layers; what is in it is looked at"),
    **{f"Lazy{name}": f"becomes {name} when it first runs" for name in (*_LAZY, "Linear")},
    **dict.fromkeys(("Module", "RNNBase", "RNNCellBase"), "a base class; its heirs are layers"),
}
FUNCTIONS: dict[str, str] = {
    **dict.fromkeys(_LOSS_FUNCTIONS.split(), _LOSS),
    **dict.fromkeys(_HELPERS.split(), "serves PyTorch itself; computes nothing of a network"),
    **dict.fromkeys(
        ("grouped_mm", "scaled_grouped_mm", "scaled_mm"),
        "for numbers of 8 bits or groups of matrices, which none here has",
    ),
}
