"""What a restored database is good for: people sign in at a site on it and release money; and who lies is noticed.

The site logs in as the role that can only serve. Knows one contract, made before the dump.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connections, transaction

from contracts import timers
from contracts.reading.review import OTHER as TYPED
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from escrow.checking import check_books
from escrow.invariants import ask, registered
from launcher.environment import WEB_LOGIN
from marketplace.database_login import prepare_login
from proof import books
from proof.browser import Browser, typed, with_field
from proof.databases import address
from proof.plan import Result
from tests.web import Web

PASSWORD = "a-cairn-of-stones"  # noqa: S105, of somebody who lives as long as the proof
RELEASED = "SELECT count(*) FROM contracts_earning WHERE contract_id = %s"


def waiting() -> Deal:
    """A contract whose client has to review work, and signs in with PASSWORD."""
    deal = dealing.agreed("100.00", "50.00")
    deal.submit(1)
    deal.payer.set_password(PASSWORD)
    deal.payer.save()
    EmailAddress.objects.create(user=deal.payer, email=deal.payer.email, primary=True, verified=True)
    return deal


def serving(name: str) -> dict[str, str]:
    """The environment of a site on this database, which logs in as the role that only serves."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(prepare_login(WEB_LOGIN, settings.APPLICATION_ROLE))
    url = urlsplit(address(name))
    web = urlunsplit(url._replace(netloc=f"{WEB_LOGIN}@{url.netloc.rpartition('@')[2]}"))
    return {"DATABASE_URL": web, "OWNER_DATABASE_URL": address(name)}


def works(name: str, deal: Deal, place: Path, result: Result) -> None:
    """Somebody signs in and releases a milestone; the worker comes by, and the books are checked as each hour."""
    with Web(serving(name) | {"CAIRN_DATA": str(place)}, place) as web:
        browser = signed_in(web.port, deal.payer.email)
        path = f"/contracts/{deal.key}/milestones/{deal.milestone(1).pk}/review/"
        form = typed(with_field(browser.forms(path), "pick"), pick=TYPED, amount="100.00")
        answers = [browser.post(path, form).status for _twice in range(2)]
    result.operations += 1
    if answers != [302, 302]:
        result.failures.append(f"A release on the restored database answers {answers}.")
    with connections["default"].cursor() as cursor:
        cursor.execute(RELEASED, [deal.key])
        (count,) = cursor.fetchone()
    result.lost, result.doubled = result.lost + (count < 1), result.doubled + (count > 1)
    timers.sweep()
    if run := check_books(thorough=True).names:
        result.failures.append(f"After a release on the restored database, broken: {', '.join(run)}.")
    books.check(result, "after a release on the restored database", alarms=False)


class AtTheDoor(Browser):
    """Keeps the session that it is given."""

    def _take_token(self, cookies: list[str]) -> None:
        super()._take_token(cookies)
        given = [cookie.partition("=")[2].partition(";")[0] for cookie in cookies if cookie.startswith("session=")]
        self.session = given[-1] if given else self.session


def signed_in(port: int, email: str) -> Browser:
    """Somebody who came in by the door."""
    browser = AtTheDoor(port, "")
    form = with_field(browser.forms("/accounts/login/"), "login")
    answer = browser.post("/accounts/login/", typed(form, login=email, password=PASSWORD))
    assert answer.status == 302, f"The door answers {answer.status}"  # noqa: S101
    return browser


def controls(differs: Callable[[], list[str]], result: Result) -> None:
    """Somebody with every right changes what was restored: those who watch notice each of it."""
    for what, statement, notices in (
        ("a cent of a transfer", "UPDATE escrow_transfer SET amount = amount + 0.01", lambda: broken("I2")),
        ("the moment of a sealed journal", "UPDATE escrow_journal SET at = at + '1 s'", lambda: broken("I16-all")),
        ("an event", "DELETE FROM contracts_event WHERE id = (SELECT max(id) FROM contracts_event)", differs),
    ):
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            result.control(f"{what} as it was dumped", noticed=bool(notices()))
            transaction.set_rollback(True, "owner")


def broken(name: str) -> bool:
    (invariant,) = (each for each in registered(thorough=True) if each.name == name)
    return ask(invariant, "owner") is not None
