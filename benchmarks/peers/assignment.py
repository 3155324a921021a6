"""The peer of the bench assignment: PAA's label assignment in torch and scikit-learn."""

import torch
from paa_assign import costs_of, pre_assign, re_assign
from boxes import anchors_of
from time_calls import time_calls
from torch_setup import read_safetensors, set_up

timed = None


def start(threads, variant):
    import sklearn

    return {"version": f"{set_up(threads)['version']} + scikit-learn {sklearn.__version__}"}


def prepare(part, input, file):
    global timed
    given = read_safetensors(file)
    sizes = [(-(-input["height"] // stride), -(-input["width"] // stride)) for stride in (8, 16, 32, 64, 128)]
    boxes, labels = given["boxes.0"], given["labels.0"].long()
    logits, deltas = given["classes"][0], given["deltas"][0]
    anchors = anchors_of(sizes)
    levels = [h * w for h, w in sizes]

    def candidates():
        matched = pre_assign(anchors, boxes)
        rows = torch.nonzero(matched >= 0)[:, 0]
        return rows, matched[rows]

    def costs():
        return costs_of(logits[rows], deltas[rows], anchors[rows], boxes[gts], labels[gts])

    def separation():
        rows, gts = candidates()
        kept = re_assign(given_costs, rows, gts, levels)
        assigned = torch.full((len(anchors),), logits.shape[1])
        assigned[rows[kept]] = labels[gts[kept]]
        targets = torch.zeros_like(anchors)
        targets[rows[kept]] = boxes[gts[kept]]
        return assigned, targets

    rows, gts = candidates()
    given_costs = costs()
    timed = time_calls({"separation": separation, "costs": costs}[part])
    return {"candidates": len(rows), "positives": len(re_assign(given_costs, rows, gts, levels))}


def run():
    return timed()
