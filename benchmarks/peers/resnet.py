"""ResNet-18 and -50 in plain torch modules, names as torchvision's."""

import torch.nn.functional as F
from torch import nn

BLOCKS = {18: [2, 2, 2, 2], 50: [3, 4, 6, 3]}


class Block(nn.Module):
    """Basic block (depth 18) or bottleneck; the stride is on the (first) 3x3 convolution."""

    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        self.out = width * (4 if bottleneck else 1)
        convs = [(inputs, width, 1, 1), (width, width, 3, stride), (width, self.out, 1, 1)]
        if not bottleneck:
            convs = [(inputs, width, 3, stride), (width, width, 3, 1)]
        self.count = len(convs)
        for index, (a, b, kernel, step) in enumerate(convs, 1):
            setattr(self, f"conv{index}", nn.Conv2d(a, b, kernel, step, kernel // 2, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(b))
        self.downsample = None
        if stride > 1 or inputs != self.out:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, self.out, 1, stride, bias=False), nn.BatchNorm2d(self.out))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        for index in range(1, self.count + 1):
            x = getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(x))
            x = F.relu(x if index < self.count else x + shortcut, inplace=True)
        return x


class ResNet(nn.Module):
    """Images [B, 3, H, W] to the maps C2 to C5."""

    def __init__(self, depth):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        channels, self.channels = 64, []
        for stage, count in enumerate(BLOCKS[depth]):
            blocks = []
            for index in range(count):
                block = Block(channels, 64 * 2**stage, 2 if stage > 0 and index == 0 else 1, depth >= 50)
                channels = block.out
                blocks.append(block)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
            self.channels.append(channels)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x)), inplace=True), 3, 2, 1)
        maps = []
        for stage in range(1, 5):
            x = getattr(self, f"layer{stage}")(x)
            maps.append(x)
        return maps


class Classifier(nn.Module):
    def __init__(self, depth, classes):
        super().__init__()
        self.backbone = ResNet(depth)
        self.fc = nn.Linear(self.backbone.channels[-1], classes)

    def forward(self, images):
        return self.fc(self.backbone(images)[-1].mean((2, 3)))
