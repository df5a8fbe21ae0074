"""What is drawn for a random life of a contract: which things, how often, and with what amounts, shares and cards."""

from decimal import Decimal

from hypothesis import strategies as st

from contracts.plan import Plan
from contracts.tests.life_disputes import Disputes
from contracts.tests.life_offers import DECLINES, LATER, WORKS
from escrow.tests import paying
from tests.factories import line

AMOUNTS = st.integers(500, 60_000) | st.sampled_from([500, 501, 505, 10_000])
PLANS = st.lists(AMOUNTS, min_size=1, max_size=4)
CARDS = st.sampled_from([WORKS, WORKS, WORKS, DECLINES, LATER])
SHARES = st.sampled_from([100, 60, 33, 1, 0, 101])
SIDES = st.sampled_from(["client", "talent"])
LIKELY = {
    "none": "offer offer offer",
    "offered": "change change pay_deposit pay_deposit pay_deposit close_offer fund bonus",
    "active": "fund fund fund fund submit submit submit submit send_back send_back send_back release release release"
    " release bonus edit end end end leave dispute dispute accept ask_back ask_back ask_back ask_back"
    " ask_back ask_back",
    "settling": "approve approve counter counter counter accept_counter accept_counter accept_counter leave dispute"
    " release submit end edit bonus",
    "ended": "offer offer offer rate rate bonus end submit leave",
    "closed": "offer offer offer bonus accept",
}
NUMBERS = {WORKS: paying.WORKS, DECLINES: paying.DECLINES, LATER: paying.LATER}


OFTEN = {"bank_decides": 4, "post_again": 2}
ON_ASKED = "agree_back agree_back agree_back agree_back agree_back agree_back close_asked close_asked close_asked"
ON_DISPUTED = "agree agree decide decide call_off call_off"
EVERYTHING = {each for words in (*LIKELY.values(), ON_ASKED, ON_DISPUTED) for each in words.split()}


def dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


def text(cents: int) -> str:
    return str(dollars(cents))


def plan(amounts: list[int]) -> Plan:
    return Plan(tuple(line("A step", str(dollars(amount))) for amount in amounts))


def likely(model: Disputes, **moments: list) -> list[str]:
    """What to draw from: the more often it is named, the likelier it is. `moments` count if not empty."""
    found = ["days_pass", "sweep", *LIKELY[model.phase].split()]
    found += ["accept"] * 6 if model.answer_by is not None else []
    found += ON_ASKED.split() if model.back else []
    found += ON_DISPUTED.split() if model.is_disputed else []
    found += ["withdraw"] * 2 if model.purse.available else []
    found += [each for each, there in moments.items() if there for _time in range(OFTEN.get(each, 1))]
    unable = {"submit", "send_back", "release"} if not model.current else set()
    unable |= {"fund"} if not model.next else set()
    unable |= {"offer"} if "bonus" in model.open else set()
    return [each for each in found if each not in unable]
