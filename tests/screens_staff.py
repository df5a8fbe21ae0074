"""Whether what staff see of a contract equals the ledger to the cent (I15): the administration, a dispute, its PDF."""

import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from contracts.models import Contract, Dispute
from escrow.models import Account, Journal, Kind
from tests.figures import SUM, Figure, Page, amount, page_of
from tests.staff import at_work, staff
from tests.truth import ZERO
from tests.truth_staff import Truth

# The lists of the administration in which money stands: for each column what it must be, and of what.
LISTS: dict[str, dict[str, str]] = {
    "escrow/payment": {"amount": "payment_amount"},
    "escrow/transfer": {"amount": "transfer_amount", "debit_balance": "then_in", "credit_balance": "then_in"},
    "escrow/account": {"balance": "lies_in"},
    "contracts/milestone": {"amount": "milestone_amount"},
    "contracts/earning": {"gross": "gross", "fee": "fee", "net": "net"},
    "contracts/refundrequest": {
        "amount": "refundrequest_amount", "counter": "refundrequest_counter", "returned": "refundrequest_returned",
    },
}  # fmt: skip
ROW = re.compile(r"/(?P<key>[\w-]+)/change/")
CELL = re.compile(r'class="field-(?P<column>\w+)[^"]*">(?P<text>[^<]*)<')
NUMBER = re.compile(r"-?[0-9]+\.[0-9]{2}")


def seen_by_staff(contracts: list[Contract]) -> int:
    """Fail unless every figure that staff read of these contracts is the ledger's; how many there were."""
    truth, browser = Truth(), at_work(staff("finance"))
    return sum(len(list(page(truth, browser, contract))) for contract in contracts for page in PAGES.values())


def _room(truth: Truth, browser: Client, contract: Contract) -> Iterator[Figure]:
    """The contract's own page in the administration."""
    yield from compared(truth, browser.get(f"/admin/contracts/contract/{contract.pk}/change/"), truth.known(contract))


def _lists(truth: Truth, browser: Client, contract: Contract) -> Iterator[Figure]:
    for place, columns in LISTS.items():
        yield from _listed(truth, browser.get(f"/admin/{place}/", {"q": str(contract.pk)}), columns)


def _account(truth: Truth, browser: Client, contract: Contract) -> Iterator[Figure]:
    """What an account's page shows of its transfers, and a journal's."""
    held = Account.objects.filter(kind=Kind.ESCROW, scope=contract.pk).first()
    last = Journal.objects.filter(scope=contract.pk).order_by("-pk").first()
    for row in filter(None, (held, last)):
        place = f"/admin/escrow/{row._meta.model_name}/{row.pk}/change/"
        yield from compared(truth, browser.get(place), set())


def _disputes(truth: Truth, browser: Client, contract: Contract) -> Iterator[Figure]:
    for dispute in contract.disputes.all():
        yield from compared(truth, browser.get(f"/staff/disputes/{dispute.pk}/"), truth.known(contract))


def _papers(truth: Truth, browser: Client, contract: Contract) -> Iterator[Figure]:
    for dispute in contract.disputes.order_by("-at")[:1]:
        yield from _printed(truth, browser.get(f"/staff/disputes/{dispute.pk}/evidence.pdf"), dispute)


PAGES = {"room": _room, "lists": _lists, "account": _account, "dispute": _disputes, "paper": _papers}


def compared(truth: Truth, answer: HttpResponse, known: set[Decimal]) -> Iterator[Figure]:
    """Each figure of a page; fails at one that is not the ledger's, and at a sum that is not compared."""
    page: Page = page_of(answer)
    path = answer.wsgi_request.path
    assert answer.status_code == 200, path
    assert page.named, f"{path} shows no figure."
    assert not page.unnamed, f"{path} shows sums without a name: {page.unnamed}."
    assert set(page.told) <= known | {ZERO}, f"{path} tells of {set(page.told) - known}."
    for figure in page.named:
        yield _same(truth, figure, path)


def _same(truth: Truth, figure: Figure, path: str) -> Figure:
    right = getattr(truth, figure.name)(UUID(figure.of) if len(figure.of) == 36 else figure.of)
    assert figure.amount == right, f"{path}: {figure}, but the ledger says {right}."
    return figure


def _listed(truth: Truth, answer: HttpResponse, columns: dict[str, str]) -> Iterator[Figure]:
    """Each row of a list: its cells by their columns."""
    rows = answer.content.decode().partition('id="result_list"')[2].split("<tr>")[2:]
    results = {str(row.pk): row for row in answer.context["cl"].result_list}
    assert len(rows) == len(results)
    for row in rows:
        key = ROW.search(row)["key"]
        cells = {cell["column"]: cell["text"] for cell in CELL.finditer(row)}
        for column, name in columns.items():
            if NUMBER.fullmatch(cells[column]):
                of = _of_balance(results[key], column) if column.endswith("_balance") else key
                yield _same(truth, Figure(name, of, Decimal(cells[column])), answer.wsgi_request.path)


def _of_balance(transfer, column: str) -> str:
    return f"{transfer.pk}:{getattr(transfer, column.replace('balance', 'id'))}"


def _printed(truth: Truth, answer: HttpResponse, dispute: Dispute) -> Iterator[Figure]:
    """The sums of the PDF in their order, until what people wrote begins; and what it tells after that."""
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    figures, told = _parts(text)
    shown = [amount(found) for found in SUM.finditer(figures)]
    assert shown == list(_to_print(truth, dispute)), figures
    happened = {amount(found) for found in SUM.finditer(told)}
    assert happened <= truth.known(dispute.contract) | truth.planned(dispute.contract) | {ZERO}, happened
    yield from (Figure("printed", str(dispute.pk), each) for each in shown)


def _parts(text: str) -> tuple[str, str]:
    figures, rest = text.split("\nSubmitted work\n")
    _work, told = rest.split("\nWhat happened\n")
    return figures, told


def _to_print(truth: Truth, dispute: Dispute) -> Iterator[Decimal]:
    contract, key = dispute.contract, dispute.pk
    if dispute.is_open:
        yield truth.at_stake(key)
    elif not dispute.is_withdrawn:
        yield from (truth.dispute_paid(key), truth.dispute_returned(key))
    yield from (truth.held(contract.pk), truth.paid(contract.pk))
    yield from (truth.milestone_amount(each.pk) for each in contract.milestones.order_by("position"))
    held = [move for move in truth.moves if ("escrow", None, contract.pk) in {move.away, move.there}]
    for move in sorted(held, key=lambda move: move.id):
        account = move.credit if move.there[0] == "escrow" else move.debit
        yield from (move.amount, truth.then_in(f"{move.id}:{account}"))
    for split in dispute.splits.order_by("at"):
        yield from (split.to_talent, split.to_client)
    for request in contract.refund_requests.order_by("at"):
        yield request.amount
        yield from () if request.counter is None else (request.counter,)
