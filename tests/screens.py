"""Whether what the pages show equals the ledger to the cent (I15): for the end of runs that moved money.

A page names its figures. What they must be, `Truth` sums up from the transfers alone: never from a balance that is
stored, nor with anything that pages are made with.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from contracts.demo.acts import leader
from contracts.models import Contract, Invoice
from marketplace import clock
from marketplace.middleware import PARTY_KEY
from marketplace.models import Party
from tests.figures import Figure, figures, page_of
from tests.truth import ZERO
from tests.truth_settling import Truth

STANDING = {"agreed", "paid", "held", "to_fund"}
SETTLING = ("refund", "money-back", "dispute")
OWN = ("pending", "available", "credit", "receivable")
OF_CLIENT = (*OWN, "escrow", "initiation_fee")


def screens_hold(contract: Contract) -> int:
    """Fail unless every figure that either side can read of this contract is the ledger's; how many there were."""
    truth = Truth()
    return sum(len(list(_side(truth, contract, party))) for party in (contract.client, contract.talent))


def hold_between(client: Party, talent: Party) -> int:
    """All of it, for two parties and whatever is between them."""
    contracts = Contract.objects.filter(client=client, talent=talent).select_related("client", "talent")
    return sum(map(screens_hold, contracts)) + parties_hold([client, talent])


def parties_hold(parties: list[Party]) -> int:
    """The same of what parties have in all: balances, payments, statements, invoices."""
    truth = Truth()
    return sum(_own_pages(truth, party) for party in parties)


def _side(truth: Truth, contract: Contract, party: Party) -> Iterator[Figure]:
    browser, truth.for_talent = acting_for(party), party == contract.talent
    answer = browser.get(f"/contracts/{contract.pk}/")
    if answer.status_code == 404:  # an offer that its talent has not been sent
        return
    yield from _hold(truth, answer, contract.pk, STANDING if "figure-held" in answer.content.decode() else set())
    show = {"show": "ended"} if contract.is_closed else {}
    listed = browser.get(f"/jobs/?{urlencode({'q': contract.title, **show})}")
    yield from _hold(truth, listed, None, set())
    yield from _hold(truth, browser.get(f"/contracts/{contract.pk}/end/"), contract.pk, set())
    for milestone in contract.milestones.exclude(status__in=["paid", "cancelled", "refunded"])[:2]:
        for page in ("review", "funding"):
            answer = browser.get(f"/contracts/{contract.pk}/milestones/{milestone.pk}/{page}/")
            yield from _hold(truth, answer, milestone.pk, set())
    for page in SETTLING:
        yield from settling_holds(truth, browser, contract, page)


def settling_holds(truth: Truth, browser: Client, contract: Contract, page: str) -> Iterator[Figure]:
    """A page on which held money is asked back or disputed. There each sum has a name, or is told of what happened."""
    answer = browser.get(f"/contracts/{contract.pk}/{page}/")
    if answer.status_code in {403, 404}:
        return
    yield from _hold(truth, answer, contract.pk, set())
    seen, strange = page_of(answer), f"{answer.wsgi_request.path} shows sums that nothing explains:"
    assert not seen.unnamed, f"{strange} {seen.unnamed}."
    assert set(seen.told) <= truth.known(contract) | {ZERO}, f"{strange} {seen.told}."


def _own_pages(truth: Truth, party: Party) -> int:
    browser = acting_for(party)
    first, names = "/balance/", {"available", "pending"}
    if party.is_client:
        first, names = "/payments/", {"held_in_all", "credit"}
    seen = list(_hold(truth, browser.get(first), party.pk, names))
    for show in ("?show=held", "?show=withdrawals"):
        seen += _hold(truth, browser.get(first + show), party.pk, names)
    side = "client" if party.is_client else "talent"
    for invoice in Invoice.objects.filter(**{f"earning__contract__{side}": party}).select_related("earning"):
        seen += _hold(truth, browser.get(f"/invoices/{invoice.pk}/"), invoice.earning_id, {"gross"})
    return len(seen) + _statement(truth, browser, party)


def acting_for(party: Party) -> Client:
    """The browser of whoever leads the party, acting for it."""
    browser = Client()
    browser.force_login(leader(party))
    session = browser.session
    session[PARTY_KEY] = str(party.pk)
    session.save()
    return browser


def _hold(truth: Truth, answer: HttpResponse, about: UUID | None, needed: set[str]) -> Iterator[Figure]:
    """Each figure of a page that is the ledger's; fails at one that is not, or at one that is missing."""
    found = [figure for figure in figures(answer, about) if figure.of]
    missing = needed - {figure.name for figure in found}
    assert not missing, f"{answer.wsgi_request.path} does not show {missing}."
    for figure in found:
        right = getattr(truth, figure.name)(UUID(figure.of))
        assert figure.amount == right, f"{answer.wsgi_request.path}: {figure}, but the ledger says {right}."
        yield figure


# The statement


def _statement(truth: Truth, browser: Client, party: Party) -> int:
    """Its page and its CSV: what lay there before and after, and each movement between."""
    today = clock.now().date()
    since = today - timedelta(days=364)
    query = f"?from={since}&to={today}"
    opening, changes = _moved(truth, party, since)
    page = [each for each in figures(browser.get(f"/statement/{query}"), party.pk) if each.name not in {"lies"}]
    rows = list(csv.reader(StringIO(_text(browser.get(f"/statement.csv{query}")))))[1:]
    shown = {each.name: each.amount for each in page if each.name in {"opening", "closing", "incoming", "outgoing"}}
    closing = opening + sum(changes, ZERO)
    assert (shown["opening"], shown["closing"]) == (opening, closing), f"{party}: {shown}, not {opening} and {closing}"
    assert shown["opening"] + shown["incoming"] - shown["outgoing"] == closing
    in_csv = [Decimal(row[3]) - Decimal(row[4]) for row in rows[1:-1]]
    assert [change for change in in_csv if change] == changes, f"{party}: {in_csv}, not {changes}"
    assert (Decimal(rows[0][5]), Decimal(rows[-1][5])) == (opening, closing)
    balances = [each.amount for each in page if each.name == "balance"]
    assert balances == [Decimal(row[5]) for row in rows[1:-1]][: len(balances)]
    return len(page) + len(rows)


def _moved(truth: Truth, party: Party, since: date) -> tuple[Decimal, list[Decimal]]:
    """What lay in the party's own accounts before the day, and what each journal since then changed of it."""
    begins = timezone.make_aware(datetime.combine(since, time.min))
    owners, kinds = {party.pk}, OWN
    if party.is_client:
        owners, kinds = owners | set(Contract.objects.filter(client=party).values_list("pk", flat=True)), OF_CLIENT
    changes: dict[int, Decimal] = {}
    opening = ZERO
    for move in truth.moves:
        change = truth.change(move, kinds, owners)
        if move.at < begins:
            opening += change
        else:
            changes[move.journal] = changes.get(move.journal, ZERO) + change
    return opening, [change for change in changes.values() if change]


def _text(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig")
