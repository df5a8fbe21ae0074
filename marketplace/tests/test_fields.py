"""Text as people type it: made plain, kept whole, refused when there is nothing in it to see."""

import unicodedata

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from marketplace.fields import PlainTextField, is_visible, plain_text

INVISIBLE = {
    "spaces": "   ",
    "zero-width spaces": "\u200b\u200b",
    "joiners": "\u200d\u200c\u200d",
    "a byte order mark": "\ufeff",
    "a soft hyphen": "\u00ad",
    "no-break spaces": "\u00a0\u00a0",
    "bidi marks": "\u200e\u202e\u2066\u2069",
    "a Hangul filler": "\u3164",
    "a Braille blank": "\u2800",
    "line breaks": "\n\r\n\u2028\u2029",
    "control characters": "\x00\x07\x1b",
    "tag characters": "\U000e0041\U000e0042",
    "a combining accent alone": "\u0301",
    "a variation selector alone": "\ufe0f",
}
CLEANED = {
    "NFC": ("Cafe\u0301", "Caf\u00e9"),
    "a bidi override": ("pay \u202e00.5\u202c now", "pay 00.5 now"),
    "a zero-width space": ("Sk\u200betch", "Sketch"),
    "a null character": ("Sk\x00etch", "Sketch"),
    "a bell and an escape": ("Sk\x07\x1b[31metch", "Sk[31metch"),
    "a lone surrogate": ("Sk\ud800etch", "Sketch"),
    "spaces around": ("  Sketch\t", "Sketch"),
    "a tab within": ("One\ttwo", "One two"),
    "CR and LF in a title": ("Subject\r\nBcc: everybody@cairn.test", "Subject Bcc: everybody@cairn.test"),
    "other line and paragraph breaks": ("One\u2028two\u2029three\x85four", "One two threefour"),
    "a family emoji": ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "Persian with its joiner": ("\u0645\u06cc\u200c\u0631\u0648\u0645", "\u0645\u06cc\u200c\u0631\u0648\u0645"),
}
KEPT = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "{% debug %}",
    "javascript:alert(1)",
    "=cmd()",
    "'; DROP TABLE",
    "0",
    "✓",
]


def field(**options) -> PlainTextField:
    return PlainTextField(**({"max_length": 120} | options))


@pytest.mark.parametrize("typed", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_b02_a_title_in_which_nothing_can_be_seen_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        field().clean(typed)


@pytest.mark.parametrize(("typed", "kept"), CLEANED.values(), ids=CLEANED.keys())
def test_text_is_made_plain(typed, kept):
    assert field().clean(typed) == kept


@pytest.mark.parametrize("typed", KEPT)
def test_text_that_looks_dangerous_is_kept_as_text(typed):
    assert field().clean(typed) == typed


def test_b02_a_title_has_at_most_120_characters():
    assert field().clean("x" * 120) == "x" * 120
    for length in (121, 10_000, 1_000_000):
        with pytest.raises(forms.ValidationError, match="at most 120 characters"):
            field().clean("x" * length)


def test_b02_characters_are_counted_as_they_are_kept():
    assert len(field().clean("e\u0301" * 120)) == 120
    assert len(field().clean("\u200bx" * 120)) == 120


def test_a_description_keeps_its_lines_and_a_title_has_one():
    typed = "One\r\nTwo\rThree\n\n\tFour"
    assert field(lines=True).clean(typed) == "One\nTwo\nThree\n\n\tFour"
    assert field().clean(typed) == "One Two Three   Four"
    assert field(lines=True).clean("One\u2028two\u2029three") == "One\ntwo\nthree"


def test_an_optional_text_may_be_left_out_but_not_be_invisible():
    assert field(required=False).clean("") == ""
    assert field(required=False).clean(None) == ""
    assert field(required=False).clean("  \n ") == ""
    with pytest.raises(forms.ValidationError, match="nothing in it that can be seen"):
        field(required=False).clean("\u200d")


@given(st.text())
def test_plain_text_stays_as_it_is_when_read_again(text):
    once = plain_text(text)
    assert plain_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\r\n\t\x00\u202e\u2028\u2029")


@given(st.text())
def test_lines_stay_as_they_are_when_read_again(text):
    once = plain_text(text, lines=True)
    assert plain_text(once, lines=True) == once
    assert is_visible(once) or not any(character.isalnum() for character in text)
    once.encode()
