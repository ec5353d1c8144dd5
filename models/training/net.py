"""A small residual network of plain 3x3 convolutions, final stride 16."""
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from data import LABELS

MEAN = (0.7, 0.55, 0.53)
STD = (0.16, 0.15, 0.16)


class ConvNorm(nn.Module):
    def __init__(self, inputs, outputs, kernel=3, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))

    def fuse(self):
        self.conv = fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = ConvNorm(inputs, outputs, 3, stride)
        self.second = ConvNorm(outputs, outputs)
        # A block that starts as the identity trains faster from scratch.
        nn.init.zeros_(self.second.norm.weight)
        self.pool = nn.AvgPool2d(2) if stride == 2 else nn.Identity()
        self.skip = ConvNorm(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.skip(self.pool(x)))


class LesionNet(nn.Module):
    def __init__(self, stem=32, widths=(64, 128, 256), depths=(2, 2, 2), classes=len(LABELS)):
        super().__init__()
        self.stem1 = ConvNorm(3, stem, 3, 2)
        self.stem2 = ConvNorm(stem, widths[0], 3, 2)
        blocks, inputs = [], widths[0]
        for stage, (width, depth) in enumerate(zip(widths, depths)):
            for index in range(depth):
                blocks.append(Block(inputs, width, 2 if stage and not index else 1))
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(inputs, classes)
        # Used in training alone. The lesion's outline keeps the features on the lesion; telling made-up
        # pictures from lesions gives the pooled features a direction for what is no lesion at all.
        self.outline = nn.Conv2d(inputs, 1, 1)
        self.foreign = nn.Linear(inputs, 1)

    def features(self, x):
        return self.blocks(F.relu(self.stem2(F.relu(self.stem1(x)))))

    def pooled(self, features):
        return F.adaptive_avg_pool2d(features, 1).flatten(1)

    def forward(self, x):
        return self.head(self.pooled(self.features(x)))


def fused(net):
    """The same function in evaluation mode with every batch norm folded into its convolution."""
    net.eval()
    for module in net.modules():
        if isinstance(module, ConvNorm):
            module.fuse()
    return net
