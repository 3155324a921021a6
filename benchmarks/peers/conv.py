"""The peer of the bench conv: one convolution, or one of its gradients, in torch."""

import torch
import torch.nn.functional as F
from time_calls import time_calls
from torch_setup import layout_of, set_up

layout = None
timed = None


def start(threads, variant):
    global layout
    layout = layout_of(variant)
    return set_up(threads)


def prepare(direction, shape):
    global timed
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

    calls = {
        "forward": lambda: F.conv2d(x, filter, None, *place, groups),
        "input-gradient": lambda: gradient([True, False, False]),
        "filter-gradient": lambda: gradient([False, True, False]),
    }
    timed = time_calls(calls[direction])


def run():
    return timed()
