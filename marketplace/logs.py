"""What the site writes down, and what it never does: one JSON line for each thing, with the request's id.

Nothing that somebody typed, followed or was sent is in a line: no address but its pattern, no query, cookie, header,
email or token. Our own loggers say what they say; of anybody else's only the text before it was filled in, and of an
exception its type and where it was raised. The demo writes the same as readable lines.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

OURS = ("cairn", "marketplace", "contracts", "escrow", "notifications")
EMAIL = re.compile(r"[^\s@<>'\"(),:;]+@[^\s@<>'\"(),:;]+")
FRAMES = 12  # of a traceback, the innermost
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; `extra={"facts": {...}}` adds facts that are ids, numbers and names of ours."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": said(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= getattr(record, "facts", None) or told_by_django(record)
        if record.exc_info and record.exc_info[1]:
            line["error"] = error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


class ReadableLines(logging.Formatter):
    """The same for people: a time, what happened, its facts."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        told = " ".join(f"{name}={value}" for name, value in facts.items() if value is not None)
        return f"{super().format(record)} {told}".rstrip()


def said(record: logging.LogRecord) -> str:
    """What a record says, without what others filled in."""
    if record.name.partition(".")[0] in OURS:
        return EMAIL.sub("[email]", record.getMessage())
    return str(record.msg) if record.args else record.name


def told_by_django(record: logging.LogRecord) -> dict[str, object]:
    """Of a request that Django complains about, the pattern of its address and the status."""
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    told = {"route": match.route if match else None, "status": getattr(record, "status_code", None)}
    return {name: value for name, value in told.items() if value is not None}


def error(raised: BaseException) -> dict[str, object]:
    """The types of an exception and of what it came from, and the innermost places. Never its text: it quotes rows."""
    types, seen = [], raised
    while seen and len(types) < 5:
        types.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        seen = seen.__cause__ or seen.__context__
    frames = traceback.extract_tb(raised.__traceback__)[-FRAMES:]
    return {"types": types, "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}
