"""The proof, as one command: `python3 start.py prove`. Tries to lose or double a cent, and counts what it tried.

Each section (`sections.py`) runs in a process of its own, on a PostgreSQL of its own, on the loopback alone. It answers
a `Result`. What kills or lies on purpose lives here and never in the product's code.
"""
