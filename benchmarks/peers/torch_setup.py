"""What every torch peer begins with."""

import json

import torch

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def set_up(threads):
    """Sets the thread count. Returns what `start` answers."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    return {"version": f"PyTorch {torch.__version__}"}


def layout_of(variant):
    return LAYOUTS.get(variant, torch.channels_last)


def read_safetensors(path):
    """All float32 and int32 tensors of a safetensors file."""
    types = {"F32": torch.float32, "I32": torch.int32}
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = types[entry["dtype"]]
        count = (end - begin) // 4
        flat = torch.frombuffer(data, dtype=dtype, count=count, offset=begin) if count else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors


def load(net, stored):
    """Loads weights, all of them and nothing else."""
    report = net.load_state_dict(stored, strict=False)
    missing = [name for name in report.missing_keys if "num_batches_tracked" not in name]
    assert not missing and not report.unexpected_keys, f"weights do not fit: {missing} {report.unexpected_keys}"
