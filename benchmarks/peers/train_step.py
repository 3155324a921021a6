"""The peer of the bench train-step: the same networks in plain torch modules, trained by torch.optim.SGD."""

import time

import torch
import torch.nn.functional as F
from peak_rss import peak_rss
from torch_setup import layout_of, load, read_safetensors, set_up

variant = None
step = None


def start(threads, variant):
    globals()["variant"] = variant
    return set_up(threads)


def prepare(network, input, file=None):
    """Weights and input from the file, else drawn here. Returns the loss of the first step."""
    global step
    step = None
    stored = read_safetensors(file) if file else {}
    given = {name[6:]: stored.pop(name) for name in list(stored) if name.startswith("input.")} or draw_input(**input)
    kind = network["kind"]
    net, loss_of = {"classifier": classifier, "paa": paa, "gfl": gfl}[kind](network, input["classes"], given)
    if file:
        load(net, stored)
    net.train(network.get("batchStatistics", False))
    layout = layout_of(variant)
    net = net.to(memory_format=layout)
    images = given["images"].permute(0, 3, 1, 2).contiguous(memory_format=layout)
    forward = torch.compile(net) if variant == "compiled" else net
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=1e-4, fused=True)

    def training_step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(forward(images))
        loss.backward()
        value = loss.item()
        optimizer.step()
        return value

    step = training_step
    return {"loss": step()}


def draw_input(batch, height, width, classes, gts=0):
    """As lib/make-input.mjs does."""
    given = {"images": 2 * torch.rand(batch, height, width, 3) - 1}
    for image in range(batch):
        given[f"labels.{image}"] = torch.randint(classes, (gts or 1,))
        size = torch.tensor([width, height])
        sides = torch.min(12 * (400 / 12) ** torch.rand(gts, 2), 0.9 * size)
        corner = torch.rand(gts, 2) * (size - sides)
        given[f"boxes.{image}"] = torch.cat([corner, corner + sides], 1)
    return given


def run():
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e3


peak = peak_rss


def classifier(network, classes, given):
    from resnet import Classifier

    labels = torch.stack([given[f"labels.{image}"][0] for image in range(len(given["images"]))]).long()
    return Classifier(network["depth"], classes), lambda logits: F.cross_entropy(logits, labels)


def paa(network, classes, given):
    from paa_assign import assign, loss
    from paa_network import Paa

    return Paa(network["depth"], classes), detection(network, given, assign, loss)


def gfl(network, classes, given):
    from gfl import Gfl, assign, loss

    return Gfl(network["depth"], classes), detection(network, given, assign, loss)


def detection(network, given, assign, loss):
    """The loss of a detector's outputs, assigned every step or as at first."""
    images = range(len(given["images"]))
    boxes = [given[f"boxes.{image}"] for image in images]
    labels = [given[f"labels.{image}"].long() for image in images]
    fixed = None

    def loss_of(out):
        nonlocal fixed
        if network["assigns"] or fixed is None:
            fixed = assign(out, boxes, labels)
        return loss(out, fixed)

    return loss_of
