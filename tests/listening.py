"""A process that prints what one stream of user 1 is told, line by line: for tests that stop the database under it."""

import socket
import sys

import django


def main() -> None:
    django.setup()
    from notifications.live.listener import hub
    from notifications.live.stream import Stream

    far, near = socket.socketpair()
    hub().join(Stream(near, 1, chunked=False), 0)
    for line in far.makefile():
        if line.startswith("data: "):
            sys.stdout.write(line.split()[2] + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
