"""Classes and functions of torch.nn that are no kind of layer here, each with the reason. Knows names only."""

_LOSS = "compares an answer with the truth; no step of a network that answers"
_CONTAINER = "holds other layers; what is in it is looked at"
_LAZY = "becomes the layer without “Lazy” when it first runs"
_BASE = "a base class; its heirs are layers"
_HELPER = "serves PyTorch itself; computes nothing of a network"
_QUANTISED = "multiplies numbers of 8 bits or groups of matrices for PyTorch's own kernels; networks here are float32"

MODULES: dict[str, str] = {
    **dict.fromkeys(
        "AdaptiveLogSoftmaxWithLoss BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss "
        "HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss "
        "MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss "
        "TripletMarginLoss TripletMarginWithDistanceLoss".split(),
        _LOSS,
    ),
    **dict.fromkeys(
        "Container DataParallel ModuleDict ModuleList ParameterDict ParameterList Sequential".split(), _CONTAINER
    ),
    **dict.fromkeys(
        [f"Lazy{name}{axes}d" for name in ("BatchNorm", "Conv", "ConvTranspose", "InstanceNorm") for axes in (1, 2, 3)],
        _LAZY,
    ),
    "LazyLinear": _LAZY,
    **dict.fromkeys("Module RNNBase RNNCellBase".split(), _BASE),
}
FUNCTIONS: dict[str, str] = {
    **dict.fromkeys(
        "binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy ctc_loss "
        "gaussian_nll_loss hinge_embedding_loss huber_loss kl_div l1_loss linear_cross_entropy margin_ranking_loss mse_loss "
        "multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss smooth_l1_loss "
        "soft_margin_loss triplet_margin_loss triplet_margin_with_distance_loss".split(),
        _LOSS,
    ),
    **dict.fromkeys(
        "assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary "
        "has_torch_function_variadic".split(),
        _HELPER,
    ),
    **dict.fromkeys("grouped_mm scaled_grouped_mm scaled_mm".split(), _QUANTISED),
}
