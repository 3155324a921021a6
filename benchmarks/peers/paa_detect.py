"""Detections of PAA's outputs as mmdet 2.10 makes them: best anchors, decoding, suppression by class, score voting."""

import torch
from boxes import anchors_of, decode, pairwise_iou

PER_LEVEL, PER_IMAGE, THRESHOLD, IOU = 1000, 100, 0.05, 0.6


def detect(out, size):
    """Per image boxes [N, 4], scores [N], labels [N]."""
    logits, deltas, iou_logits, sizes = out
    anchors = anchors_of(sizes)
    scores = (logits.sigmoid() * iou_logits.sigmoid()[..., None]).sqrt()
    return [of_image(scores[image], deltas[image], anchors, sizes, size) for image in range(len(logits))]


def of_image(scores, deltas, anchors, sizes, size):
    rows, start = [], 0
    best = scores.max(1).values
    for height, width in sizes:
        count = height * width
        top = best[start : start + count].topk(min(PER_LEVEL, count)).indices
        rows.append(top + start)
        start += count
    rows = torch.cat(rows)
    boxes = decode(anchors[rows], deltas[rows])
    limits = boxes.new_tensor([size[1], size[0]] * 2)
    boxes = torch.minimum(boxes.clamp(min=0), limits)
    at, labels = (scores[rows] > THRESHOLD).nonzero(as_tuple=True)
    boxes, scores = boxes[at], scores[rows][at, labels]
    order = scores.argsort(descending=True)
    boxes, scores, labels = boxes[order], scores[order], labels[order]
    if len(scores) == 0:
        return boxes, scores, labels
    same = labels[:, None] == labels[None]
    iou = pairwise_iou(boxes, boxes) * same
    kept = suppress(iou)[:PER_IMAGE]
    return vote(iou[kept], boxes, scores), scores[kept], labels[kept]


def suppress(iou):
    """Greedy, by descending score."""
    covered = (iou > IOU).numpy()
    gone = torch.zeros(len(iou), dtype=torch.bool).numpy()
    kept = []
    for row in range(len(iou)):
        if not gone[row]:
            kept.append(row)
            gone |= covered[row]
    return torch.tensor(kept)


def vote(iou, boxes, scores):
    weights = torch.where(iou > 0.01, scores * (-((1 - iou) ** 2) / 0.025).exp(), 0)
    return weights @ boxes / weights.sum(1, keepdim=True)
