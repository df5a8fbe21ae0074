"""Deadlines of a site whose clock is wrong: each is as many days away by the database's clock as it says."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from contracts.models import Contract, Earning
from contracts.operations import work
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from marketplace import clock
from proof.act import Act, of_step, posts
from proof.acts import ACTS
from proof.browser import Browser
from proof.plan import Result
from tests.web import signed_in

NEARLY = timedelta(minutes=2)
BY_NAME = {act.name: act for act in ACTS}
SUBMIT = Act(
    "submit", work.submit_work, lambda: dealing.agreed("100.00"), "talent", of_step(1, "submission/"),
    posts("message", message="Done."),
)  # fmt: skip

type Promise = tuple[Act, str, Callable[[Deal], datetime]]


def offer_of(deal: Deal) -> Contract:
    return Contract.objects.get(client=deal.client)


PROMISES: tuple[Promise, ...] = (
    (BY_NAME["offer with its deposit"], "offer_days", lambda deal: offer_of(deal).expires_at),
    (SUBMIT, "review_days", lambda deal: deal.milestone(1).review_by),
    (BY_NAME["release all"], "hold_days", lambda deal: Earning.objects.get(contract=deal.key).matures_at),
    (BY_NAME["end, paying a part"], "refund_days", lambda deal: deal.request.answer_by),
)


def promised(port: int, result: Result) -> Iterator[str]:
    """Somebody posts each of them at the site on this port; a sentence for each deadline that is wrong."""
    for act, days, deadline in PROMISES:
        deal = act.begin()
        browser = Browser(port, signed_in(deal.payer if act.side == "client" else deal.earner))
        path = act.path(deal)
        answer = browser.post(path, act.fill(browser.forms(path), deal))
        result.operations += 1
        if answer.status != 302:
            yield f"{act.name} answers {answer.status}."
            continue
        wrong = deadline(deal) - clock.now() - timedelta(days=getattr(offer_of(deal), days))
        if abs(wrong) > NEARLY:
            yield f"{act.name}: {days} end {wrong} from when they should."
