"""What the authors of four networks reported. Knows numbers from papers; nothing is measured here.

Krizhevsky, Sutskever, Hinton 2012; Simonyan, Zisserman 2015; Szegedy, Vanhoucke, Ioffe, Shlens, Wojna 2015; He, Zhang, Ren,
Sun 2015. Errors are top-5 on ImageNet.
"""

from dataclasses import dataclass

PEOPLE = "People: about 5 %."


@dataclass(frozen=True)
class Published:
    """model: a name in the registry. error, parameters, training: as their authors write them."""

    model: str
    title: str
    year: int
    error: str
    parameters: str
    training: str


PUBLISHED = (
    Published("alexnet", "AlexNet", 2012, "15 % (26 % the year before)", "60 M", "2 GPUs, 6 days"),
    Published("vgg16", "VGG", 2015, "8.0 %", "138 M", "4 GPUs, 2–3 weeks"),
    Published("inception_v3", "Inception v3", 2015, "5.6 % (3.6 % ensemble)", "25 M", "8 GPUs, 2 weeks"),
    Published("resnet152", "ResNet, 152 layers", 2015, "4.5 % (3.5 % ensemble)", "60 M", "8 GPUs, 2–3 weeks"),
)
