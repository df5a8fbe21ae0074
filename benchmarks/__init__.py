"""How fast Cairn is beside something else in the same run: `python3 start.py bench`, which writes docs/performance.md.

Each benchmark (`benches.py`) runs in a process of its own, on a PostgreSQL of its own that waits for the disk, on the
loopback alone. It alternates its arms, so that the machine's mood falls on all of them, and answers `Figure`s.
"""
