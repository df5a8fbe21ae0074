"""Runs one command and stops it when those it serves are gone, however they went. Imports nothing of ours.

Those are either all processes that hold `--users` (a shared lock: PostgreSQL, which several commands may use at
once) or the one at the other end of standard input (the web server). Both end with their process, `kill -9`
included, so that nothing is left behind. `--hold` is locked while the command runs, for others to see.
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading


def main() -> int:
    asked = arguments()
    held = os.open(asked.hold, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if asked.nice:
        stand_back(asked.nice)
    child = start(asked)
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(asked.signal))
    done = threading.Event()
    threading.Thread(target=watch, args=(asked, child, done), daemon=True).start()
    code = child.wait()
    done.set()
    for folder in asked.remove:
        shutil.rmtree(folder, ignore_errors=True)
    os.close(held)  # before the users' lock, which goes with the process: who gets that must find this one free
    return code if code >= 0 else 128 - code


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hold", required=True)
    parser.add_argument("--users")
    parser.add_argument("--log", required=True)
    parser.add_argument("--signal", type=lambda name: signal.Signals[name], default=signal.SIGTERM)
    parser.add_argument("--patience", type=float, default=10)
    parser.add_argument("--remove", action="append", default=[], help="a folder to remove afterwards")
    parser.add_argument("--account", help="uid:gid to become")
    parser.add_argument("--nice", type=int, default=0, help="how far behind others it stands for a processor")
    parser.add_argument("--descriptor", type=int, action="append", default=[])
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def stand_back(nice: int) -> None:
    """Let others have the processor first. Linux may weigh sessions and not processes: this one has its own."""
    os.nice(nice)
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as weight:
        weight.write(str(nice))


def start(asked: argparse.Namespace) -> subprocess.Popen:
    become = {}
    if asked.account:
        uid, gid = map(int, asked.account.split(":"))
        become = {"user": uid, "group": gid, "extra_groups": []}
    with open(asked.log, "ab") as log:
        child = subprocess.Popen(
            asked.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=asked.descriptor, **become
        )
    for descriptor in asked.descriptor:
        os.close(descriptor)
    return child


def watch(asked: argparse.Namespace, child: subprocess.Popen, done: threading.Event) -> None:
    """Wait until nobody needs the command any more, then stop it: gently, and after its patience by force."""
    if asked.users:
        fcntl.flock(os.open(asked.users, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    else:
        while os.read(0, 1024):
            pass
    child.send_signal(asked.signal)
    if not done.wait(asked.patience):
        child.kill()


if __name__ == "__main__":
    sys.exit(main())
