"""The peer of the bench conv: one convolution, or one of its gradients, in torch."""

import math
import time

import torch
import torch.nn.functional as F
from torch_setup import layout_of, set_up

layout = None
call = None
calls = 1


def start(threads, variant):
    global layout
    layout = layout_of(variant)
    return set_up(threads)


def prepare(direction, shape):
    global call, calls
    generator = torch.Generator().manual_seed(1)
    kernel, groups = shape["kernel"], shape["groups"]

    def normal(*sizes):
        return torch.randn(*sizes, generator=generator).contiguous(memory_format=layout)

    x = normal(shape["batch"], shape["in"], shape["height"], shape["width"])
    filter = normal(shape["out"], shape["in"] // groups, kernel, kernel) * 0.05
    place = [[shape[name]] * 2 for name in ("stride", "padding", "dilation")]
    dy = torch.ones_like(F.conv2d(x, filter, None, *place, groups)).contiguous(memory_format=layout)

    def gradient(mask):
        return torch.ops.aten.convolution_backward(dy, x, filter, None, *place, False, [0, 0], groups, mask)

    call = {
        "forward": lambda: F.conv2d(x, filter, None, *place, groups),
        "input-gradient": lambda: gradient([True, False, False]),
        "filter-gradient": lambda: gradient([False, True, False]),
    }[direction]
    calls = 1
    run()
    calls = max(1, math.ceil(30 / run()))


def run():
    total = 0
    with torch.no_grad():
        for _ in range(calls):
            start = time.perf_counter()
            made = call()
            total += time.perf_counter() - start
            del made
    return total * 1e3 / calls
