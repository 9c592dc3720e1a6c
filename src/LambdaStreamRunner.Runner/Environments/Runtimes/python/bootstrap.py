"""Runs one Python handler in one execution environment, over Lambda's Runtime API."""

import os
import sys

# Our folder comes first while we load, wherever the interpreter has put it (-P and PYTHONSAFEPATH: nowhere).
OURS = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [OURS, *(folder for folder in sys.path if folder != OURS)]

from lambda_stream_runtime import loop  # noqa: E402

# What the handler imports comes from its own folder: ours makes way.
sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]

loop.run(os.environ["AWS_LAMBDA_RUNTIME_API"], os.environ["_HANDLER"])
