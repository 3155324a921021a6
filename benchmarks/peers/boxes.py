"""Boxes xyxy in px: anchors, decoding, IoU."""

import math

import torch

STDS = (0.1, 0.1, 0.2, 0.2)


def anchors_of(sizes, strides=(8, 16, 32, 64, 128), scale=8):
    """Square anchors of `scale` strides at the corner of every cell, levels fine to coarse, rows y then x: [A, 4]."""
    levels = []
    for (height, width), stride in zip(sizes, strides):
        y, x = torch.meshgrid(torch.arange(height) * stride, torch.arange(width) * stride, indexing="ij")
        centre = torch.stack([x, y, x, y], -1).reshape(-1, 4).float()
        half = stride * scale / 2
        levels.append(centre + torch.tensor([-half, -half, half, half]))
    return torch.cat(levels)


def decode(anchors, deltas):
    d = deltas * deltas.new_tensor(STDS)
    limit = abs(math.log(16 / 1000))
    size = anchors[:, 2:] - anchors[:, :2]
    centre = (anchors[:, 2:] + anchors[:, :2]) / 2 + d[:, :2] * size
    half = size * d[:, 2:].clamp(-limit, limit).exp() / 2
    return torch.cat([centre - half, centre + half], 1)


def area(boxes):
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def pairwise_iou(a, b):
    """[A, 4] and [B, 4] to [A, B]."""
    sides = (torch.min(a[:, None, 2:], b[None, :, 2:]) - torch.max(a[:, None, :2], b[None, :, :2])).clamp(min=0)
    overlap = sides[..., 0] * sides[..., 1]
    return overlap / (area(a)[:, None] + area(b)[None] - overlap).clamp(min=1e-6)


def iou_and_giou(a, b):
    """Row by row, [N] each."""
    sides = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0)
    overlap = sides[:, 0] * sides[:, 1]
    union = (area(a) + area(b) - overlap).clamp(min=1e-6)
    hull = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).clamp(min=0)
    hull = (hull[:, 0] * hull[:, 1]).clamp(min=1e-6)
    iou = overlap / union
    return iou, iou - (hull - union) / hull
