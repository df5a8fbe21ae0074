"""What processes use of the machine, as Linux says it. Starts none."""

import os
from collections.abc import Iterable
from pathlib import Path


def memory(pids: Iterable[int]) -> float:
    """Megabytes of all of them together, what they share counted once."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(text.split("Pss:")[1].split()[0]) for text in texts) / 1024


def spent(pids: Iterable[int]) -> float:
    """Seconds of CPU since they started."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")
