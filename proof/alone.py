"""One part in a process of its own, on its own database: a section of the proof, or a benchmark. Knows neither."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Told(Protocol):
    """What came of a part."""

    def to_json(self) -> dict: ...


def alone(do: Callable[[Path], Told], failed: Callable[[str], Told], result: str) -> None:
    """Write to the file `result` what `do` tells, which gets the folder for its data; or that it `failed`, and how."""
    import django
    from django.conf import settings

    django.setup()
    try:
        found = do(Path(settings.DATA_DIR))
    except Exception as problem:
        traceback.print_exc()
        found = failed(f"It ended with {type(problem).__name__}: {problem}")
    Path(result).write_text(json.dumps(found.to_json()))
