"""The peer of the bench inference: PAA in torch, images to detections."""

import time

import torch
from paa_detect import detect
from paa_network import Paa
from torch_setup import layout_of, load, read_safetensors, set_up

variant = None
once = None


def start(threads, variant):
    globals()["variant"] = variant
    return set_up(threads)


def prepare(network, input, classBias, file):
    global once
    stored = read_safetensors(file)
    layout = layout_of(variant)
    images = stored.pop("input.images").permute(0, 3, 1, 2).contiguous(memory_format=layout)
    net = Paa(network["depth"], input["classes"]).eval()
    load(net, stored)
    net = net.to(memory_format=layout)
    forward = torch.compile(net) if variant == "compiled" else net
    size = (input["height"], input["width"])

    def whole():
        with torch.inference_mode():
            return detect(forward(images), size)

    once = whole
    found = once()
    return {"detections": [len(scores) for _, scores, _ in found], "best": [scores.max().item() for _, scores, _ in found]}


def run():
    start = time.perf_counter()
    once()
    return (time.perf_counter() - start) * 1e3
