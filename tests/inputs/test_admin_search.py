"""What staff type above a list of the administration, and what stands in a list's address: never an error (inputs).

The worst goes to every list; of the rest each text goes to one, another one each time.
"""

from itertools import cycle
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from contracts.tests.eventful import eventful
from tests.inputs.test_addresses import problem_with
from tests.inputs.trying import Fingerprint, undone
from tests.inputs.values import HUGE, LINKS, NO_AMOUNTS, NO_DATES, NO_EMAILS, NO_IDS, NO_UUIDS, NOWHERE, PLACES, TEXTS
from tests.staff import at_work, staff

pytestmark = pytest.mark.django_db
WORST = ["g\x00", "\udced\udca0", "9" * 10_000, str(NOWHERE), "g'):*|'x", "\\", "a@b\x00"]
REST = ["%", "x" * 100_000, str(HUGE), *PLACES, *TEXTS, *NO_IDS, *NO_UUIDS, *NO_EMAILS, *NO_AMOUNTS, *NO_DATES, *LINKS]
# Words that lists and the links of a contract's page put into an address.
WORDS = {
    "contracts/event": ["contract", "contract__exact", "contract__id__exact"], "escrow/payment": ["scope", "status"],
    "contracts/contract": ["p", "o", "all", "e", "status__exact"], "contracts/staffact": ["state", "kind__exact"],
}  # fmt: skip


@pytest.fixture
def browser() -> Client:
    eventful()
    return at_work(staff(superuser=True))


def lists() -> list[str]:
    """The address of every list that can be searched."""
    searched = (model for model, rows in admin.site._registry.items() if rows.get_search_fields(None))
    return [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in searched]


def wrong(browser: Client, place: str, word: str, text: str) -> str:
    with undone():
        said = problem_with(browser, f"{place}?{urlencode({word: text}, errors='surrogateescape')}", htmx=False)
    return f"{place}?{word}={text[:40]!r}: {said}" if said else ""


def test_whatever_is_searched_for_every_list_answers(browser):
    books, places = Fingerprint(), lists()
    before = books.read()
    tries = [(place, text) for place in places for text in WORST] + list(zip(cycle(places), REST, strict=False))
    assert len(places) > 20
    found = [said for place, text in tries if (said := wrong(browser, place, "q", text))]
    assert not found, "\n".join(found)
    assert not books.changed(before)


def test_whatever_stands_in_the_address_of_a_list_it_answers(browser):
    found = [
        said for place, words in WORDS.items() for word in words for text in (*WORST, str(HUGE), "x", "", "1,2")
        if (said := wrong(browser, f"/admin/{place}/", word, text))
    ]  # fmt: skip
    assert not found, "\n".join(found)
