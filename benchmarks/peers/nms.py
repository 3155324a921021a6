"""The peer of the bench nms: torchvision's suppression on the CPU."""

from time_calls import time_calls
from torch_setup import read_safetensors, set_up

timed = None


def start(threads, variant):
    import torchvision

    return {"version": f"torchvision {torchvision.__version__}, {set_up(threads)['version']}"}


def prepare(part, file, **scene):
    global timed
    from torchvision.ops import batched_nms, nms

    given = read_safetensors(file)
    boxes, scores, labels = given["boxes"], given["scores"], given["labels"].long()
    call = {"hard": lambda: nms(boxes, scores, 0.5), "classwise": lambda: batched_nms(boxes, scores, labels, 0.5)}[part]
    timed = time_calls(call)
    kept = call()
    return {"kept": len(kept), "sum": int(kept.sum())}


def run():
    return timed()
