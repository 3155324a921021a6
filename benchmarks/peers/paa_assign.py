"""Label assignment and losses of PAA as mmdet 2.10 computes them, mixtures by scikit-learn."""

import numpy as np
import torch
import torch.nn.functional as F
from boxes import anchors_of, decode, iou_and_giou, pairwise_iou
from sklearn.mixture import GaussianMixture

BOX_WEIGHT, IOU_WEIGHT, TOPK = 1.3, 0.5, 9


def focal(logits, targets):
    """Not reduced; targets one-hot."""
    p = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p_t = p * targets + (1 - p) * (1 - targets)
    return (0.25 * targets + 0.75 * (1 - targets)) * (1 - p_t) ** 2 * entropy


def one_hot(labels, classes):
    return F.one_hot(labels, classes + 1)[:, :classes].float()


def pre_assign(anchors, boxes):
    """Index of the ground truth of every anchor, -1 where none: IoU >= 0.1, and every ground truth's best anchors."""
    iou = pairwise_iou(boxes, anchors)
    best, gt = iou.max(0)
    matched = torch.where(best >= 0.1, gt, -1)
    for index, most in enumerate(iou.max(1).values):
        matched[iou[index] == most] = index
    return matched


def separate(costs):
    """Which of ascending costs are positives: component 0 of a mixture of two Gaussians up to its likeliest member."""
    x = costs.reshape(-1, 1)
    mixture = GaussianMixture(
        2,
        covariance_type="diag",
        weights_init=np.array([0.5, 0.5]),
        means_init=np.array([[x[0, 0]], [x[-1, 0]]]),
        precisions_init=np.array([[1.0], [1.0]]),
    ).fit(x)
    members = np.flatnonzero(mixture.predict(x) == 0)
    if len(members) == 0:
        return members
    return members[: mixture.score_samples(x)[members].argmax() + 1]


def re_assign(costs, candidates, gts, level_sizes):
    """Positives among the candidates of one image, as positions."""
    ends = torch.tensor(level_sizes).cumsum(0)
    level = torch.bucketize(candidates, ends, right=True)
    kept = []
    for gt in range(int(gts.max()) + 1):
        pool = []
        for index in range(len(level_sizes)):
            rows = torch.nonzero((gts == gt) & (level == index))[:, 0]
            pool.append(rows[costs[rows].topk(min(TOPK, len(rows)), largest=False).indices])
        pool = torch.cat(pool)
        if len(pool) < 2:
            continue
        pool = pool[costs[pool].argsort()]
        kept.append(pool[torch.from_numpy(separate(costs[pool].double().numpy()))])
    return torch.cat(kept) if kept else torch.empty(0, dtype=torch.long)


def costs_of(logits, deltas, anchors, boxes, labels):
    """Of candidates, row by row."""
    _, giou = iou_and_giou(decode(anchors, deltas), boxes)
    return focal(logits, one_hot(labels, logits.shape[1])).sum(1) + BOX_WEIGHT * (1 - giou)


@torch.no_grad()
def assign(out, boxes, labels):
    """Labels [B, A] (C is background) and box targets [B, A, 4]."""
    logits, deltas, _, sizes = out
    anchors = anchors_of(sizes)
    classes = logits.shape[2]
    all_labels = torch.full(logits.shape[:2], classes)
    targets = torch.zeros_like(deltas)
    for image, gt_boxes in enumerate(boxes):
        matched = pre_assign(anchors, gt_boxes)
        rows = torch.nonzero(matched >= 0)[:, 0]
        gts = matched[rows]
        costs = costs_of(logits[image, rows], deltas[image, rows], anchors[rows], gt_boxes[gts], labels[image][gts])
        kept = re_assign(costs, rows, gts, [h * w for h, w in sizes])
        all_labels[image, rows[kept]] = labels[image][gts[kept]]
        targets[image, rows[kept]] = gt_boxes[gts[kept]]
    return all_labels, targets


def loss(out, assignment):
    logits, deltas, iou_logits, sizes = out
    labels, targets = assignment
    batch, count, classes = logits.shape
    positive = torch.nonzero(labels.reshape(-1) < classes)[:, 0]
    total = len(positive)
    flat = labels.reshape(-1)
    loss_cls = focal(logits.reshape(-1, classes), one_hot(flat, classes)).sum() / max(total, batch)
    if total == 0:
        return loss_cls + 0 * deltas.sum() + 0 * iou_logits.sum()
    boxes = decode(anchors_of(sizes)[positive % count], deltas.reshape(-1, 4)[positive])
    iou, giou = iou_and_giou(boxes, targets.reshape(-1, 4)[positive])
    iou = iou.detach()
    loss_iou = F.binary_cross_entropy_with_logits(iou_logits.reshape(-1)[positive], iou, reduction="sum") / total
    loss_bbox = (iou.clamp(min=1e-12) * (1 - giou)).sum() / iou.sum().clamp(min=1e-12)
    return loss_cls + IOU_WEIGHT * loss_iou + BOX_WEIGHT * loss_bbox
