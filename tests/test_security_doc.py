"""What docs/security.md says of a requirement can be followed: each file and each test that it names is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "security.md"
ROW = re.compile(
    r"^\| (?P<number>\d+\.\d+\.\d+)(?: \(L3\))? [^|]+ \| (?P<how>[^|]+) \| (?P<why>[^|]*) \| (?P<where>.*) \|$"
)
PLACE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.(?:py|md|js|json|txt|toml|sql|html))(?:::(\w+))?`")
SAID = re.compile(
    r"(\d+) requirements: (\d+) met, (\d+) partly, (\d+) not met, (\d+) not measured, (\d+) left .*?, (\d+) ab"
)
STATES = ("met", "partly", "**not met**", "not measured", "install.", "n.a.")
# How many requirements of levels 1 and 2 each chapter of the standard has, with the five of level 3.
CHAPTERS = dict(enumerate((27, 12, 19, 10, 9, 35, 19, 8, 7, 29, 14, 9, 13, 9, 15, 16, 7), start=1))


def rows() -> list[re.Match]:
    return [found for line in DOC.read_text().splitlines() if (found := ROW.match(line))]


def test_every_file_and_every_test_it_names_is_there():
    places = PLACE.findall(DOC.read_text())
    assert len(places) > 200
    gone = [
        f"{path}::{test}" for path, test in places
        if not (ROOT / path).is_file() or (test and f"def {test}(" not in (ROOT / path).read_text())
    ]  # fmt: skip
    assert gone == []


def test_each_requirement_has_a_row_and_only_one():
    numbers = [row["number"] for row in rows()]
    assert len(set(numbers)) == len(numbers)
    assert Counter(int(number.partition(".")[0]) for number in numbers) == CHAPTERS


def test_a_row_says_what_it_rests_on_or_why_it_does_not():
    assert {row["how"] for row in rows()} == set(STATES)
    for row in rows():
        assert row["why"].strip(), row["number"]
        assert row["how"] != "met" or PLACE.search(row["where"]), row["number"]


def test_its_sentence_counts_its_rows():
    said = [int(count) for count in SAID.search(DOC.read_text()).groups()]
    counted = Counter(row["how"] for row in rows())
    assert said == [len(rows()), *(counted[state] for state in STATES)]
