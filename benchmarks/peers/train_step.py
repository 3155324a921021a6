"""The peer of the bench train-step: the same networks in plain torch modules, trained by torch.optim.SGD."""

import resource
import time

import torch
import torch.nn.functional as F
from torch_setup import layout_of, read_safetensors, set_up

variant = None
step = None


def start(threads, variant):
    globals()["variant"] = variant
    return set_up(threads)


def prepare(network, input, file):
    """Returns the loss of the first step."""
    global step
    step = None
    stored = read_safetensors(file)
    given = {name[6:]: stored.pop(name) for name in list(stored) if name.startswith("input.")}
    kind = network["kind"]
    net, loss_of = {"classifier": classifier, "paa": paa}[kind](network, input["classes"], given)
    report = net.load_state_dict(stored, strict=False)
    missing = [name for name in report.missing_keys if "num_batches_tracked" not in name]
    assert not missing and not report.unexpected_keys, f"weights do not fit: {missing} {report.unexpected_keys}"
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


def run():
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e3


def peakRss():
    """MiB, of the whole process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def classifier(network, classes, given):
    from resnet import Classifier

    labels = torch.stack([given[f"labels.{image}"][0] for image in range(len(given["images"]))]).long()
    return Classifier(network["depth"], classes), lambda logits: F.cross_entropy(logits, labels)


def paa(network, classes, given):
    from paa_assign import assign, loss
    from paa_network import Paa

    images = range(len(given["images"]))
    boxes = [given[f"boxes.{image}"] for image in images]
    labels = [given[f"labels.{image}"].long() for image in images]
    fixed = None

    def loss_of(out):
        nonlocal fixed
        if network["assigns"] or fixed is None:
            fixed = assign(out, boxes, labels)
        return loss(out, fixed)

    return Paa(network["depth"], classes), loss_of
