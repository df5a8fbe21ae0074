"""The contracts of the demo, each a story that is told in chapters: it yields how many days ago its next one is.

Each is lived through the operations that people would use. Knows nothing of how time passes.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from contracts.demo import acts
from contracts.demo.asking import ask_for_cards, ask_for_testing
from contracts.demo.stage import Stage
from contracts.demo.texts import (
    ARCHIVE,
    AUDIO,
    CHEAPER_SEARCH,
    DROPPED,
    FILM,
    FLOOR_PLAN,
    GUIDELINES,
    HANDED_IN,
    LOGO,
    MEMBER,
    MOBILE,
    POSTER,
    SIGNS,
    WEBSITE,
)
from contracts.models import Contract
from contracts.operations.feedback import give_feedback
from contracts.operations.members import assign_members
from contracts.operations.offers import decline_offer
from contracts.operations.plan import add_milestone
from contracts.operations.requests import accept_request
from contracts.operations.settlement import approve_refund
from contracts.operations.withdrawal import withdraw
from marketplace import clock
from marketplace.models import Membership

type Story = Iterator[int]


def stories(stage: Stage) -> dict[str, Story]:
    """Every story by the title of its contract. Of two on one day, the one that stands first here goes first."""
    return {
        GUIDELINES.title: brand_guidelines(stage),
        FLOOR_PLAN.title: floor_plan(stage),
        AUDIO.title: audio_stories(stage),
        ARCHIVE.title: archive_digitisation(stage),
        LOGO.title: logo_refresh(stage),
        MOBILE.title: mobile_app(stage),
        POSTER.title: winter_poster(stage),
        SIGNS.title: door_signs(stage),
        FILM.title: opening_film(stage),
        WEBSITE.title: website_relaunch(stage),
    }


def brand_guidelines(stage: Stage) -> Story:
    """Ended early: two milestones paid, one refunded and one cancelled, feedback on both sides, and a bonus.

    Of what the agency asked to change on the way, the client accepted a part.
    """
    yield 152
    contract = stage.offer(GUIDELINES)
    yield 151
    acts.accept(contract)
    yield 148
    asked, later = ask_for_cards(contract, stage.plan)
    yield 146
    accept_request(contract=contract, by=stage.client, request=asked, keys=later)
    for position, days in ((1, 141), (2, 119)):
        yield days
        acts.submit(acts.step(contract, position), "Here it is, with our notes on the last page.")
        yield days - 1
        acts.pay(acts.step(contract, position))
        acts.fund(acts.step(contract, position + 1), stage.card)
    yield 97
    acts.ask_back(contract, "We have to stop here: the texts come with the new website. Thank you for what there is.")
    yield 96
    approve_refund(contract=contract, by=acts.leader(contract.talent), request=contract.refund_requests.get())
    yield 94
    acts.reward(contract, Decimal("150.00"), "For stopping so kindly.", stage.card)
    give_feedback(contract=contract, by=stage.client, rating=5, text="Clear, quick, and kind when plans changed.")
    yield 92
    by = acts.leader(contract.talent)
    give_feedback(contract=contract, by=by, rating=4, text="They know what they want. The end came a little suddenly.")


def floor_plan(stage: Stage) -> Story:
    """An offer that was declined; its deposit went back."""
    yield 40
    contract = stage.offer(FLOOR_PLAN)
    yield 38
    by = acts.leader(contract.talent)
    decline_offer(contract=contract, by=by, reason="The website takes all of my time until spring. Ask me again then.")


def audio_stories(stage: Stage) -> Story:
    """Being settled: the client asks for a part back and waits for the agency's answer."""
    yield 60
    contract = stage.offer(AUDIO)
    yield 59
    acts.accept(contract)
    yield 47
    acts.submit(acts.step(contract, 1), "All ten scripts, each read aloud and shortened once.")
    yield 45
    acts.pay(acts.step(contract, 1))
    acts.fund(acts.step(contract, 2), stage.card)
    yield 9
    acts.submit(acts.step(contract, 2), "Six of ten are recorded; the others wait for a quiet morning.")
    yield 2
    acts.ask_back(
        contract, "Six of ten are recorded, so we pay 900 dollars and ask for the rest back.", Decimal("900.00")
    )


def archive_digitisation(stage: Stage) -> Story:
    """As long as a plan can be, with an agency whose member is assigned to it."""
    yield 12
    contract = stage.offer(ARCHIVE)
    yield 11
    members = Membership.objects.filter(user__email=MEMBER)
    assign_members(contract=contract, by=acts.leader(contract.talent), memberships=members)
    acts.accept(contract)


def logo_refresh(stage: Stage) -> Story:
    """One milestone paid, and the charge for the second is under way."""
    yield 18
    contract = stage.offer(LOGO)
    yield 17
    acts.accept(contract)
    yield 10
    acts.submit(acts.step(contract, 1), "Three sketches. We would draw out the second.")
    yield 9
    acts.pay(acts.step(contract, 1))
    yield 1
    acts.fund(acts.step(contract, 2), stage.slow)


def mobile_app(stage: Stage) -> Story:
    """The first of five was handed in and sent back; the freelancer asks to change what comes after it."""
    yield 21
    contract = stage.offer(MOBILE)
    yield 20
    acts.accept(contract)
    yield 6
    acts.submit(acts.step(contract, 1), "Three rooms to click through, on any phone.", "https://prototype.cairn.test/")
    yield 4
    acts.send_back(acts.step(contract, 1), "The way back from the second room is missing. Otherwise lovely.")
    yield 3
    ask_for_testing(contract, stage.plan)


def winter_poster(stage: Stage) -> Story:
    """An offer that is open for an answer."""
    yield 2
    stage.offer(POSTER)


def door_signs(stage: Stage) -> Story:
    """What the agency proposed, and the client has not answered yet."""
    yield 3
    stage.propose(SIGNS)


def opening_film(stage: Stage) -> Story:
    """In dispute: the freelancer disputes after a second request for changes, and each side has offered a split."""
    yield 38
    contract = stage.offer(FILM)
    yield 37
    acts.accept(contract)
    yield 20
    acts.submit(acts.step(contract, 1), "The minute, cut to the steps in the hall.", "https://films.cairn.test/opening")
    yield 18
    acts.send_back(acts.step(contract, 1), "It is lovely, and it is a minute and a half. It has to be one minute.")
    yield 13
    acts.submit(acts.step(contract, 1), "One minute and two seconds. The last two are black.")
    yield 11
    acts.send_back(acts.step(contract, 1), "The light in the hall looks green now. That is not what our hall is like.")
    yield 7
    acts.dispute(
        contract, "The green is what the hall looks like at six. Cut and length are as agreed, so I ask to be paid."
    )
    yield 5
    acts.offer_split(contract, contract.client, Decimal("1200.00"), "For the cut. We have the colours done elsewhere.")
    yield 4
    acts.offer_split(contract, contract.talent, Decimal("1600.00"), "Less for the grade, nothing less for the cut.")


def website_relaunch(stage: Stage) -> Story:
    """Three paid, one of them in part, one handed in, eight ahead; the plan changed three times on the way."""
    *final, launch = stage.plan(WEBSITE.steps)
    begun, (search, hours, review, gallery, migration, training) = final[:5], final[5:]
    (blog,) = stage.plan([DROPPED])
    cheaper = replace(search, amount=CHEAPER_SEARCH)

    yield 79
    contract = stage.offer(WEBSITE, [*begun, cheaper, hours, gallery, blog, training, migration])
    yield 78
    acts.accept(contract)
    yield 71
    yield from _paid(stage, contract, 1, on=70)
    stage.save(contract, [*begun, search, hours, review, gallery, blog, training, migration])
    yield 54
    yield from _paid(stage, contract, 2, on=52, amount=Decimal("760.00"))
    stage.save(contract, final)
    yield 45
    add_milestone(contract=contract, by=stage.client, line=launch, today=clock.now().date())
    yield 33
    acts.submit(acts.step(contract, 3), "Five pages as wireframes.")
    yield 31
    acts.send_back(acts.step(contract, 3), "The search page has no way to narrow the results. Please add one.")
    yield 29
    yield from _paid(stage, contract, 3, on=28)
    acts.reward(contract, Decimal("100.00"), "For the extra round with the curators.", stage.card)
    yield 15
    talent = contract.talent
    withdraw(
        by=acts.leader(talent), party=talent, key=uuid.uuid4(), amount=Decimal("1500.00"), method=stage.bank
    )  # fmt: skip
    yield 1
    acts.submit(acts.step(contract, 4), HANDED_IN[3], "https://drafts.cairn.test/visual-design")


def _paid(stage: Stage, contract: Contract, position: int, *, on: int, amount: Decimal | None = None) -> Story:
    """Work is submitted, and `on` that day released, and the milestone after it is activated."""
    acts.submit(acts.step(contract, position), HANDED_IN[position - 1])
    yield on
    acts.pay(acts.step(contract, position), amount)
    acts.fund(acts.step(contract, position + 1), stage.card)
