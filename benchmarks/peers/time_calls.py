"""Times calls of less than a millisecond as well as of a second."""

import math
import time

import torch


def time_calls(call, least=0.03):
    """Returns a function that gives the ms of one call, each time averaged over at least `least` seconds."""

    def total(calls):
        seconds = 0
        with torch.no_grad():
            for _ in range(calls):
                start = time.perf_counter()
                made = call()
                seconds += time.perf_counter() - start
                del made
        return seconds

    total(1)
    calls = max(1, math.ceil(least / total(1)))
    return lambda: total(calls) * 1e3 / calls
