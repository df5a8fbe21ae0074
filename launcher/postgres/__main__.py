"""Runs the embedded server alone: prints its DATABASE_URL, and stops it on Ctrl-C or when standard input ends."""

import argparse
import signal
import sys

from launcher.postgres import Server
from launcher.progress import Stop


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m launcher.postgres", description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--throwaway", action="store_true", help="not durable, and removed at the end")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with Server(asked.data, throwaway=asked.throwaway) as server:
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
