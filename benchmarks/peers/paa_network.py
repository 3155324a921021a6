"""The network of PAA (arXiv 2007.08103) in plain torch modules, names as mmdet's."""

import torch
import torch.nn.functional as F
from resnet import ResNet
from torch import nn


class ConvModule(nn.Module):
    def __init__(self, inputs, out, kernel, stride=1, groups=0):
        super().__init__()
        self.conv = nn.Conv2d(inputs, out, kernel, stride, kernel // 2, bias=groups == 0)
        if groups:
            self.gn = nn.GroupNorm(groups, out)
        self.groups = groups

    def forward(self, x):
        x = self.conv(x)
        return F.relu(self.gn(x), inplace=True) if self.groups else x


class Fpn(nn.Module):
    def __init__(self, channels, out=256, levels=5):
        super().__init__()
        self.lateral_convs = nn.ModuleList(ConvModule(c, out, 1) for c in channels)
        extra = levels - len(channels)
        self.fpn_convs = nn.ModuleList([ConvModule(out, out, 3) for _ in channels])
        self.fpn_convs.extend(ConvModule(out, out, 3, 2) for _ in range(extra))

    def forward(self, maps):
        merged = [lateral(x) for lateral, x in zip(self.lateral_convs, maps)]
        for level in range(len(merged) - 1, 0, -1):
            size = merged[level - 1].shape[2:]
            merged[level - 1] = merged[level - 1] + F.interpolate(merged[level], size=size, mode="nearest")
        outputs = [conv(x) for conv, x in zip(self.fpn_convs, merged)]
        for conv in self.fpn_convs[len(merged) :]:
            outputs.append(conv(outputs[-1]))
        return outputs


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * self.scale


class PaaHead(nn.Module):
    def __init__(self, classes, channels=256, depth=4, groups=32, levels=5):
        super().__init__()
        tower = lambda: nn.ModuleList(ConvModule(channels, channels, 3, groups=groups) for _ in range(depth))
        self.cls_convs, self.reg_convs = tower(), tower()
        self.atss_cls = nn.Conv2d(channels, classes, 3, padding=1)
        self.atss_reg = nn.Conv2d(channels, 4, 3, padding=1)
        self.atss_centerness = nn.Conv2d(channels, 1, 3, padding=1)
        self.scales = nn.ModuleList(Scale() for _ in range(levels))

    def forward(self, levels):
        outputs = []
        for x, scale in zip(levels, self.scales):
            a = b = x
            for conv in self.cls_convs:
                a = conv(a)
            for conv in self.reg_convs:
                b = conv(b)
            outputs.append((self.atss_cls(a), scale(self.atss_reg(b)), self.atss_centerness(b)))
        return outputs


class Paa(nn.Module):
    """Images to class logits [B, A, C], deltas [B, A, 4], IoU logits [B, A] and the sizes of the levels."""

    def __init__(self, depth, classes):
        super().__init__()
        self.backbone = ResNet(depth)
        self.neck = Fpn(self.backbone.channels[1:])
        self.bbox_head = PaaHead(classes)

    def forward(self, images):
        levels = self.neck(self.backbone(images)[1:])
        kinds = zip(*self.bbox_head(levels))
        rows = [torch.cat([m.permute(0, 2, 3, 1).reshape(m.shape[0], -1, m.shape[1]) for m in maps], 1) for maps in kinds]
        return rows[0], rows[1], rows[2][..., 0], [tuple(x.shape[2:]) for x in levels]
