"""The two ways to show a change name the same rows, kinds and values (B11: "both sides get the same exact diff")."""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

import html5lib
from django.template.loader import render_to_string
from hypothesis import example, given, settings

from contracts.plan import ChangeSet, Plan

from .plan_strategies import changed, line, plan, plans

tried = settings(deadline=None, max_examples=100)
TOTALS = re.compile("[\N{MINUS SIGN}+]?[$][0-9,.]+[0-9]|unchanged|Nothing")
EDITED_AND_MOVED = ChangeSet(plan(1, 2, 3), Plan((line(3, "Ship", "9.00"), line(1), line(2))))
FACTS = (("Amount", re.compile("[$][0-9,.]+")), ("Due date", re.compile("(?<=due ).*")))


class Shown(NamedTuple):
    """A row as somebody reads it."""

    kinds: tuple[str, ...]
    title: str
    places: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


def on_page(changes: ChangeSet) -> tuple[list[Shown], list[str]]:
    root = html5lib.parseFragment(
        render_to_string("contracts/_diff.html", {"changes": changes}), namespaceHTMLElements=False
    )
    totals = " ".join(words_of(at) for at in root.iter("p") if at.get("class") in ("diff-totals", "diff-none quiet"))
    return [_row_on_page(row) for row in root.iter("li")], TOTALS.findall(totals)


def in_text(changes: ChangeSet) -> tuple[list[Shown], list[str]]:
    *rows, totals = render_to_string("contracts/_diff.txt", {"changes": changes}).strip().split("\n\n")
    return [_row_in_text(row) for row in rows], TOTALS.findall(totals)


def _row_on_page(row: Element) -> Shown:
    values = {words_of(at.find("dt")): _both_sides(at.find("dd")) for at in row.iter("div")}
    facts = words_of(_part(row, "diff-facts"))
    values |= {name: tuple(found) for name, pattern in FACTS if (found := pattern.findall(facts))}
    if (text := words_of(_part(row, "diff-text"))) != "":
        values["Description"] = (text,)
    kinds = tuple(words_of(at).lower() for at in row.iter("span") if at.get("class") == "diff-kind")
    places = tuple(re.findall("[0-9]+", words_of(_part(row, "diff-from-to"))))
    return Shown(kinds, words_of(_part(row, "diff-title")), places, values)


def _both_sides(value: Element) -> tuple[str, ...]:
    return tuple(words_of(at) for at in value if at.tag in ("del", "ins") or at.get("class") == "quiet")


def _row_in_text(row: str) -> Shown:
    head, *lines = row.split("\n")
    what, title = head.split(": ")
    values: dict[str, tuple[str, ...]] = {}
    for written in lines:
        if named := re.fullmatch("  ([A-Z][a-z ]+):(.*)", written):
            name, value = named.groups()
            values[name] = tuple(value.strip().split(" → ")) if value else ()
        else:
            values[name] += (re.sub("^ *(from|to)?(: | ?[|] )", "", written),)
    kinds = tuple(re.findall("added|removed|edited|moved", what.lower()))
    return Shown(kinds, title, tuple(re.findall("[0-9]+", what)), values)


def _part(row: Element, name: str) -> Element | None:
    return next((at for at in row.iter() if at.get("class") == name), None)


def words_of(part: Element | None) -> str:
    return " ".join("".join(part.itertext()).split()) if part is not None else ""


@given(plans().flatmap(lambda before: changed(before).map(lambda after: ChangeSet(before, after))))
@example(EDITED_AND_MOVED)
@tried
def test_b11_the_page_and_the_email_show_the_same_rows_and_totals(changes):
    rows, totals = on_page(changes)
    assert (rows, totals) == in_text(changes)
    assert [row.kinds for row in rows] == [row.kinds for row in changes.changed]
    assert totals


@given(plans().flatmap(lambda before: changed(before).map(lambda after: ChangeSet(before, after))))
@tried
def test_b11_every_changed_field_is_shown_with_both_values(changes):
    for row, shown in zip(changes.changed, in_text(changes)[0], strict=True):
        if row.is_edited:
            assert len(shown.values) == len(row.fields)
            assert all(len(sides) == 2 for sides in shown.values.values())
