"""Runs the embedded server alone: prints its DATABASE_URL, and stops it on Ctrl-C or when standard input ends."""

import argparse
import signal
import sys
from pathlib import Path

from launcher.postgres import Server, binaries
from launcher.progress import Stop


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m launcher.postgres", description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--hasty", action="store_true", help="not safe from a loss of power")
    parser.add_argument("--throwaway", action="store_true", help="the same, and removed at the end")
    parser.add_argument("--programs", type=Path, help="the folder with postgres and initdb")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        found = binaries.find([asked.programs] if asked.programs else None)
        with Server(asked.data, hasty=asked.hasty, throwaway=asked.throwaway, binaries=found) as server:
            print(server.url, flush=True)
            sys.stdin.read()
    except Stop as refusal:
        print(f"Cairn: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
