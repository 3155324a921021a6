"""The peer's side of a bench: python serve.py MODULE. Answers JSON lines {call, argument} by calling the module's functions."""

import importlib
import json
import os
import sys
import traceback

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever else is printed, also by libraries, goes to stderr: stdout is for answers

module = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        module = module or importlib.import_module(sys.argv[1].replace("-", "_"))
        answer = {"result": getattr(module, request["call"])(**request["argument"])}
    except Exception:
        answer = {"error": traceback.format_exc()}
    answers.write(json.dumps(answer) + "\n")
