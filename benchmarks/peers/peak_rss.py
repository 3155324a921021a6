import re
import resource


def peak_rss():
    """Largest resident memory of this process so far, MiB; see lib/peak-rss.mjs."""
    try:
        with open("/proc/self/status") as file:
            return int(re.search(r"^VmHWM:\s*(\d+) kB$", file.read(), re.M)[1]) / 1024
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
