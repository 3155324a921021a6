"""GFocal V1 (arXiv 2006.04388) in plain torch: head, ATSS, losses, as mmdet 2.10 computes them."""

import torch
import torch.nn.functional as F
from boxes import anchors_of, iou_and_giou, pairwise_iou
from paa_network import ConvModule, Fpn, Scale
from resnet import ResNet
from torch import nn

BINS, TOPK, BETA = 17, 9, 2
STRIDES = (8, 16, 32, 64, 128)


class GflHead(nn.Module):
    def __init__(self, classes, channels=256, depth=4, groups=32):
        super().__init__()
        self.cls_convs, self.reg_convs = (
            nn.Sequential(*(ConvModule(channels, channels, 3, groups=groups) for _ in range(depth))) for _ in range(2)
        )
        self.gfl_cls = nn.Conv2d(channels, classes, 3, padding=1)
        self.gfl_reg = nn.Conv2d(channels, 4 * BINS, 3, padding=1)
        self.scales = nn.ModuleList(Scale() for _ in STRIDES)
        self.integral = nn.Module()
        self.integral.register_buffer("project", torch.arange(BINS, dtype=torch.float))

    def forward(self, levels):
        return [
            (self.gfl_cls(self.cls_convs(x)), scale(self.gfl_reg(self.reg_convs(x))))
            for x, scale in zip(levels, self.scales)
        ]


class Gfl(nn.Module):
    """Images to class logits [B, A, C], distributions [B, A, 4·17] and the sizes of the levels."""

    def __init__(self, depth, classes):
        super().__init__()
        self.backbone = ResNet(depth)
        self.neck = Fpn(self.backbone.channels[1:])
        self.bbox_head = GflHead(classes)

    def forward(self, images):
        levels = self.neck(self.backbone(images)[1:])
        flat = lambda maps: torch.cat([m.permute(0, 2, 3, 1).reshape(m.shape[0], -1, m.shape[1]) for m in maps], 1)
        logits, distributions = zip(*self.bbox_head(levels))
        return flat(logits), flat(distributions), [tuple(x.shape[2:]) for x in levels]


def atss(anchors, level_sizes, boxes):
    """Index of the ground truth of every anchor of an image, -1 where none."""
    iou = pairwise_iou(anchors, boxes)
    centres, gt_centres = ((b[:, :2] + b[:, 2:]) / 2 for b in (anchors, boxes))
    distance = (centres[:, None] - gt_centres[None]).square().sum(-1).sqrt()
    chosen, start = [], 0
    for size in level_sizes:
        nearest = distance[start : start + size].topk(min(TOPK, size), dim=0, largest=False).indices
        chosen.append(nearest + start)
        start += size
    chosen = torch.cat(chosen)
    candidate = iou.gather(0, chosen)
    threshold = candidate.mean(0) + candidate.std(0)
    sides = torch.cat([centres[chosen] - boxes[None, :, :2], boxes[None, :, 2:] - centres[chosen]], -1)
    positive = (candidate >= threshold) & (sides.min(-1).values > 0.01)
    best = torch.full_like(iou, -1.0)
    columns = torch.arange(len(boxes)).expand_as(chosen)
    best[chosen[positive], columns[positive]] = candidate[positive]
    value, matched = best.max(1)
    return torch.where(value >= 0, matched, -1)


@torch.no_grad()
def assign(out, boxes, labels):
    """Labels [B, A] (C is background) and box targets [B, A, 4]."""
    logits, _, sizes = out
    anchors = anchors_of(sizes)
    all_labels = torch.full(logits.shape[:2], logits.shape[2])
    targets = torch.zeros(*logits.shape[:2], 4)
    for image, gts in enumerate(boxes):
        matched = atss(anchors, [h * w for h, w in sizes], gts)
        rows = torch.nonzero(matched >= 0)[:, 0]
        all_labels[image, rows] = labels[image][matched[rows]]
        targets[image, rows] = gts[matched[rows]]
    return all_labels, targets


def loss(out, assignment):
    logits, distributions, sizes = out
    labels, targets = assignment
    batch, count, classes = logits.shape
    total = (labels < classes).sum(1).clamp(min=1).sum()
    logits, labels = logits.reshape(-1, classes), labels.reshape(-1)
    positive = torch.nonzero(labels < classes)[:, 0]
    stride = torch.cat([torch.full((h * w,), float(s)) for (h, w), s in zip(sizes, STRIDES)])[positive % count, None]
    anchors = anchors_of(sizes)[positive % count]
    centre = (anchors[:, :2] + anchors[:, 2:]) / 2 / stride
    wanted = targets.reshape(-1, 4)[positive] / stride
    sides = distributions.reshape(-1, 4, BINS)[positive]
    distance = sides.softmax(-1) @ torch.arange(BINS, dtype=torch.float)
    boxes = torch.cat([centre - distance[:, :2], centre + distance[:, 2:]], 1)
    iou, giou = iou_and_giou(boxes, wanted)
    weight = logits.detach().sigmoid()[positive].max(1).values

    score = torch.zeros_like(logits)
    score[positive, labels[positive]] = iou.detach()
    entropy = F.binary_cross_entropy_with_logits(logits, score, reduction="none")
    loss_cls = (entropy * (score - logits.sigmoid()).abs() ** BETA).sum() / total

    aim = torch.cat([centre - wanted[:, :2], wanted[:, 2:] - centre], 1).clamp(0, BINS - 1 - 0.1).reshape(-1)
    left = aim.long()
    rows = sides.reshape(-1, BINS)
    two = [F.cross_entropy(rows, bin, reduction="none") for bin in (left, left + 1)]
    dfl = two[0] * (left + 1 - aim) + two[1] * (aim - left)
    loss_dfl = (dfl * weight.repeat_interleave(4)).sum() / 4
    return loss_cls + (2 * (weight * (1 - giou)).sum() + 0.25 * loss_dfl) / weight.sum()
