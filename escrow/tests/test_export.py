"""X12: the exported books are accepted by programs that nobody here wrote, and refused once a cent is off."""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from escrow import ledger
from escrow.export import name
from escrow.models import Account, Transfer
from escrow.tests.posting import Deal, deal
from marketplace.models import Party
from tests.books import books_hold

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
NAMES = ["Ada Lovelace", "=cmd()", "\N{GREEK CAPITAL LETTER OMEGA}", 'Quo"te\\', "a;b  c\nd", "-1", "Ünal & Söhne", " "]


def export(kind: str) -> str:
    out = StringIO()
    call_command("export_ledger", format=kind, stdout=out)
    return out.getvalue()


@pytest.fixture
def plain_text_accounting() -> str:
    """hledger, or else ledger. In CI one of them must be there; elsewhere its test is skipped."""
    found = shutil.which("hledger") or shutil.which("ledger")
    if not found:
        message = "Neither hledger nor ledger is installed; install one with 'apt install hledger'."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    return found


def accepts(text: str, *command: str | Path) -> bool:
    """Whether the program finds nothing wrong with the books."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cairn.journal"
        path.write_text(text)
        whole = [part.format(path=path) if isinstance(part, str) else part for part in command]
        result = subprocess.run(
            whole, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )
    assert result.returncode in {0, 1}, result.stderr
    return result.returncode == 0


def bean_check(text: str) -> bool:
    return accepts(text, BEAN_CHECK, "{path}")


def live(world: Deal, number: int) -> None:
    """One contract from its deposit to a withdrawal, with a chargeback and a reversal."""
    world.post(f"fund:{number}", ("outside", "escrow", "100.00"), ("outside", "initiation_fee", "4.95"))
    world.release("53.99", "6.00", f"release:{number}")
    world.post(f"release:fee {number}", ("initiation_fee", "fees", "4.95"))
    world.post(f"maturing:{number}", ("pending", "available", "50.00"))
    gone = world.post(f"withdrawal:{number}", ("available", "outside", "50.00"))
    world.post(f"payout_returned:{number}", ("outside", "available", "50.00"), reverses=gone.journal_id)
    world.post(f"refund:{number}", ("escrow", "credit", "40.01"))
    world.post(f'chargeback:{number}; =x | "q" \\', ("receivable", "outside", "20.00"))


@pytest.fixture
def lived(db) -> list[Deal]:
    worlds = [deal() for _name in NAMES]
    for number, (world, called) in enumerate(zip(worlds, NAMES, strict=True)):
        Party.objects.filter(pk=world.talent.pk).update(name=called)
        live(world, number)
    books_hold()
    return worlds


def changed(text: str, pattern: str, by: str) -> str:
    """The books with the first match replaced."""
    result, times = re.subn(pattern, by, text, count=1)
    assert times == 1
    return result


# One posting; both postings of a transfer, so that its journal still balances; one balance at the end.
ONE_SIDE = (r"  6\.00 USD", "  6.01 USD")
BOTH_SIDES = (r"  6\.00 USD\n(.*)  -6\.00 USD", r"  6.01 USD\n\1  -6.01 USD")


def test_x12_bean_check_accepts_the_books(lived):
    assert bean_check(export("beancount"))


@pytest.mark.parametrize("change", [ONE_SIDE, BOTH_SIDES, (r"(balance Income:Fees -\d+\.\d)0", r"\g<1>1")])
def test_x12_bean_check_notices_a_cent(lived, change):
    assert not bean_check(changed(export("beancount"), *change))


def test_x12_hledger_accepts_the_books(lived, plain_text_accounting):
    assert accepts(export("hledger"), plain_text_accounting, "-f", "{path}", "balance")


@pytest.mark.parametrize("change", [ONE_SIDE, BOTH_SIDES, (r"(Income:Fees.* = -\d+\.\d)0", r"\g<1>1")])
def test_x12_hledger_notices_a_cent(lived, plain_text_accounting, change):
    assert not accepts(changed(export("hledger"), *change), plain_text_accounting, "-f", "{path}", "balance")


@pytest.mark.parametrize("kind", ["beancount", "hledger"])
def test_x12_empty_books_are_accepted(db, kind, plain_text_accounting):
    text = export(kind)
    assert bean_check(text) if kind == "beancount" else accepts(text, plain_text_accounting, "-f", "{path}", "balance")


def test_x12_the_table_has_every_transfer_and_no_formula(lived):
    rows = list(csv.DictReader(StringIO(export("csv"), newline="")))
    assert [Decimal(row["amount"]) for row in rows] == list(
        Transfer.objects.order_by("journal", "pk").values_list("amount", flat=True)
    )
    texts = [row[column] for row in rows for column in ("cause", "key", "scope", "debit", "credit")]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t"))]


def test_x12_a_key_that_begins_as_a_formula_is_kept_as_text(db):
    world = deal()
    moves = [world.move("outside", "escrow", "5.00")]
    ledger.post(key="=HYPERLINK(1)", cause="fund", transfers=moves)
    (row,) = csv.DictReader(StringIO(export("csv"), newline=""))
    assert row["key"] == "'=HYPERLINK(1)"


def test_x12_names_can_be_read_and_are_one_accounts_alone(lived):
    names = [name(account) for account in Account.objects.select_related("party")]
    assert len(set(names)) == len(names)
    ada = Account.objects.get(kind="pending", party__name="Ada Lovelace")
    assert name(ada) == f"Liabilities:Pending:Ada-Lovelace-{ada.pk}"
    scope = lived[0].scope
    assert name(Account.objects.get(kind="escrow", scope=scope)) == "Liabilities:Escrow:" + str(scope).upper()
    assert all(part[0].isupper() or part[0].isdigit() for known in names for part in known.split(":"))


def test_x12_what_is_posted_meanwhile_is_in_the_next_export(own_database):
    world = deal()
    with transaction.atomic():
        live(world, 1)

    class Meanwhile(StringIO):
        """Somebody posts as soon as the export has begun to write."""

        def write(self, text: str) -> int:
            if not self.tell():
                with ThreadPoolExecutor(1) as pool:
                    pool.submit(post_elsewhere).result()
            return super().write(text)

    def post_elsewhere() -> None:
        with transaction.atomic():
            world.fund("7.00", "fund:meanwhile")
        connections.close_all()

    out = Meanwhile()
    call_command("export_ledger", format="beancount", stdout=out)
    assert "fund:meanwhile" not in out.getvalue()
    assert bean_check(out.getvalue())
    later = export("beancount")
    assert "fund:meanwhile" in later
    assert bean_check(later)
