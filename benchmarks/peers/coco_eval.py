"""The peer of the bench coco-eval: pycocotools, files in, the printed numbers out, once in a fresh process."""

import time

from peak_rss import peak_rss


def start(threads, variant):
    from importlib.metadata import version

    import pycocotools.cocoeval  # noqa: F401

    return {"version": f"pycocotools {version('pycocotools')}"}


def evaluate(groundTruth, detections, iouType):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    begun = time.perf_counter()
    truth = COCO(groundTruth)
    evaluation = COCOeval(truth, truth.loadRes(detections), iouType)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    milliseconds = (time.perf_counter() - begun) * 1e3
    return {"ms": milliseconds, "stats": [float(value) for value in evaluation.stats], "peak": peak_rss()}
