"""How tests ask for a change of the plan and read what comes of it. Knows one wish, and the addresses of a request."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.test import Client

from contracts.models import ChangeRequest, Contract, Milestone
from contracts.operations.requests import replace_request, send_request
from contracts.plan import Plan
from contracts.tests.browsing import HTMX, post
from contracts.timers import sweep
from marketplace import clock
from marketplace.models import User
from tests.factories import Agreed, line

TODAY = date(2026, 1, 1)


def fresh(world: Agreed) -> Contract:
    return Contract.objects.get(pk=world.contract.pk)


def wished(world: Agreed) -> Plan:
    """Of the four last, Steps 1 to 4: Step 2 dearer, Step 3 gone, Step 4 before Step 1, and a new one last."""
    *begun, one, two, _three, four = fresh(world).plan()
    return Plan((*begun, four, one, replace(two, amount=Decimal("500.00")), line("Extra", "80.00")))


def asked(world: Agreed, mine: Plan | None = None, **other) -> ChangeRequest:
    """The talent's pending request for what is `wished`, or for `mine`."""
    contract = fresh(world)
    told = {"by": world.talent, "key": uuid.uuid4(), "base": contract.plan_version, "today": TODAY, **other}
    return send_request(contract=contract, mine=mine or wished(world), **told)


def revised(request: ChangeRequest) -> ChangeRequest:
    """Its sender takes the last line back."""
    return replace_request(
        contract=request.contract, by=request.by, key=uuid.uuid4(), request=request,
        mine=Plan(request.plan.lines[:-1]), today=TODAY,
    )  # fmt: skip


def counter(world: Agreed, request: ChangeRequest) -> ChangeRequest:
    """The client sends it back without its last line."""
    return replace_request(
        contract=world.contract, by=world.client, key=uuid.uuid4(), request=request,
        mine=Plan(request.plan.lines[:-1]), today=TODAY,
    )  # fmt: skip


def days_go_by(days: int) -> None:
    """And what comes due happens."""
    clock.advance(timedelta(days=days))
    sweep()


def page_of(request: ChangeRequest, rest: str = "") -> str:
    return f"/contracts/{request.contract_id}/requests/{request.pk}/{rest}"


def key_of(request: ChangeRequest, title: str) -> str:
    """The key of the line with this title in what is asked for."""
    (found,) = [row.line.key for row in request.changes.rows if row.line.title == title]
    return str(found)


def answer(user: User | Client, request: ChangeRequest, name: str, *titles: str, **typed: str) -> HttpResponse:
    """Press the button with this name on the page of the request; with titles, only their lines are ticked."""
    keys = [key_of(request, title) for title in titles] or [str(row.line.key) for row in request.changes.changed]
    visitor = user if isinstance(user, Client) else browser(user)
    return post(visitor, page_of(request), [(name, "1"), *typed.items(), *(("line", key) for key in keys)])


def look(user: User, request: ChangeRequest, *titles: str) -> HttpResponse:
    """What the page says of only these lines being ticked."""
    lines = [("line", key_of(request, title)) for title in titles]
    return post(browser(user), page_of(request, "choice/"), lines, **HTMX)


def browser(user: User) -> Client:
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def statuses(contract: Contract) -> list[str]:
    return list(contract.change_requests.order_by("at").values_list("status", flat=True))


def block_next(world: Agreed) -> ChangeRequest:
    """The talent asks to raise the next milestone."""
    plan = fresh(world).plan()
    key = Milestone.objects.filter(contract=world.contract, status="future").order_by("position")[0].pk
    lines = (replace(at, amount=at.amount + 1) if at.key == key else at for at in plan)
    return asked(world, Plan(tuple(lines)))
