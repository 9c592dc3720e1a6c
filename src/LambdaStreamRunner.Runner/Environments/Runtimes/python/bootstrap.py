"""Runs one Python handler in one execution environment, over Lambda's Runtime API."""

import os
import sys

from lambda_stream_runtime import loop

# What the handler imports comes from its own folder: ours makes way.
sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]

loop.run(os.environ["AWS_LAMBDA_RUNTIME_API"], os.environ["_HANDLER"])
