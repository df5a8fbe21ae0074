"""What people typed, in plain text: an email, a subject, a calendar. Knows no markup and no change.

Plain text has no <bdi>. So what a person typed loses its control characters, a right-to-left run is isolated by the
two characters that Unicode has for this, and a further line of it begins with a bar, as no line of ours does.
"""

import unicodedata
from textwrap import TextWrapper

from marketplace.fields import plain_text

WIDTH = 72
BAR = "  | "
ISOLATE, END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def isolated(text: str) -> str:
    """`text`, set apart where it holds letters that run from right to left."""
    if any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in text):
        return f"{ISOLATE}{text}{END_OF_ISOLATE}"
    return text


def on_one_line(text: str) -> str:
    """`text` without line breaks and runs of spaces."""
    return " ".join(plain_text(text).split())


def clipped(text: str, length: int) -> str:
    """`text` on one line of at most `length` characters; an ellipsis says that there is more."""
    line = on_one_line(text)
    return isolated(line if len(line) <= length else f"{line[: length - 1].rstrip()}…")


def lines_of(text: str, first: str = BAR, rest: str = BAR) -> str:
    """`text` in lines of at most WIDTH characters, of which one begins with `first` and the others with `rest`."""
    lines: list[str] = []
    for paragraph in plain_text(text, lines=True).split("\n"):
        for piece in _wrapped(paragraph, rest if lines else first, rest):
            lines.append(f"{rest if lines else first}{isolated(piece)}".rstrip())
    return "\n".join(lines)


def _wrapped(paragraph: str, first: str, rest: str) -> list[str]:
    """The pieces of a paragraph that fit beside their beginnings; one if it is empty. A link stays whole."""
    wrapper = TextWrapper(
        WIDTH,
        initial_indent=" " * len(first),
        subsequent_indent=" " * len(rest),
        break_long_words="://" not in paragraph,
        break_on_hyphens=False,
    )
    pieces = wrapper.wrap(paragraph) or [""]
    return [piece[len(rest if index else first) :] for index, piece in enumerate(pieces)]
