"""A handler that misbehaves once, by a marker that outlives its process, and does its work afterwards."""
import os
import signal
import subprocess
import sys
import time

FAULT = os.environ["FAULT"]


def is_first_time():
    try:
        os.close(os.open(os.path.join(os.environ["MARKERS"], os.environ["AWS_LAMBDA_FUNCTION_NAME"]), os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def throw():
    raise ValueError("Not the first time.")


def kill():
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)


def shout():
    line = b"x" * 1023 + b"\n"
    for _ in range(100 * 1024):
        sys.stdout.buffer.write(line)
    sys.stdout.flush()


def leak():
    held = []
    while True:
        held.append(bytearray(os.urandom(1 << 20)))


def fork():
    subprocess.Popen(["sleep", "600"])
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)


def fork_and_exit():
    fork()
    os._exit(1)


IN_IMPORT = {"throws at import": throw, "exits at import": lambda: os._exit(5), "hangs at import": lambda: time.sleep(600)}
IN_HANDLER = {
    "throws": throw,
    "exits": lambda: os._exit(3),
    "exits without a reason": sys.exit,
    "is killed": kill,
    "hangs": lambda: time.sleep(600),
    "writes 100 MB": shout,
    "answers 7 MB": lambda: "x" * (7 << 20),
    "answers no JSON": lambda: {1, 2},
    "leaks": leak,
    "forks": fork,
    "forks and exits": fork_and_exit,
}

if FAULT in IN_IMPORT and is_first_time():
    IN_IMPORT[FAULT]()


def handler(event, context):
    return IN_HANDLER[FAULT]() if FAULT in IN_HANDLER and is_first_time() else None
