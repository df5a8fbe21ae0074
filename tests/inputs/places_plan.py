"""Where plans are written, asked for and answered: the editor, offers, proposals, change requests."""

from django import forms

from contracts.tests import asking, dealing, proposing
from contracts.tests.offering import ana_lima, client_with_card
from contracts.tests.visiting import signed_in
from tests import factories
from tests.factories import joined
from tests.inputs.kinds import Loose, RowKeys
from tests.inputs.places import Scene, on, place

REASON = "It is more than we talked about."
ROW = {
    "title-first": "A bridge", "amount-first": "120.00", "description-first": "Stone", "due_date-first": "2099-06-01",
}  # fmt: skip
EDITOR = {
    "key": RowKeys(), "revision": forms.IntegerField(widget=forms.HiddenInput), "page": Loose(), "since": Loose(),
}  # fmt: skip
NEW_EDITOR = EDITOR | {"revision": Loose()}  # nothing was shown before it
DRAFT = {"title": "Small works", "terms": "We talk on Mondays."}


@place("contracts:milestones", typed=ROW, kinds=EDITOR)
def the_clients_editor() -> Scene:
    world = factories.agreed(2)
    return on(world.contract, "milestones/", world.client)


@place("contracts:milestones", typed=ROW | {"note": REASON}, kinds=EDITOR)
def the_talents_editor() -> Scene:
    world = factories.agreed(2)
    return on(world.contract, "milestones/", world.talent)


@place("contracts:changes", typed=ROW, kinds=EDITOR, writes=False, refuses=False)
def changes_so_far() -> Scene:
    world = factories.agreed(1)
    page = f"/contracts/{world.contract.pk}/milestones/"
    return Scene(signed_in(world.client), f"{page}changes/", page, page)


@place("contracts:draft", typed=ROW, kinds=EDITOR, writes=False, refuses=False)
def edits_kept_by_the_browser() -> Scene:
    world = factories.agreed(1)
    page = f"/contracts/{world.contract.pk}/milestones/"
    return Scene(signed_in(world.talent), f"{page}draft/", page, page)


PAGE = {"page": Loose()}
NEW = {"title": "A bridge", "amount": "120.00", "description": "Of stone", "due_date": "2099-06-01"}


@place("contracts:new_milestone", typed=NEW, kinds=PAGE)
def one_more() -> Scene:
    world = factories.agreed(1)
    return on(world.contract, "milestones/new/", world.client)


@place("contracts:new_milestone", typed=NEW | {"note": REASON}, kinds=PAGE)
def one_more_asked_for() -> Scene:
    world = factories.agreed(1)
    return on(world.contract, "milestones/new/", world.talent)


@place("contracts:request", button="accept", kinds={"line": Loose()})
def a_request_to_accept() -> Scene:
    world = factories.agreed(4)
    request = asking.asked(world)
    return on(world.contract, f"requests/{request.pk}/", world.client)


@place("contracts:request", typed={"reason": REASON}, button="decline")
def a_request_to_decline() -> Scene:
    world = factories.agreed(4)
    request = asking.asked(world)
    return on(world.contract, f"requests/{request.pk}/", world.client)


@place("contracts:request", button="withdraw")
def a_request_to_take_back() -> Scene:
    world = factories.agreed(4)
    request = asking.asked(world)
    return on(world.contract, f"requests/{request.pk}/", world.talent)


@place("contracts:choice", kinds={"line": Loose()}, writes=False, refuses=False)
def some_lines_of_a_request() -> Scene:
    world = factories.agreed(4)
    page = f"/contracts/{world.contract.pk}/requests/{asking.asked(world).pk}/"
    return Scene(signed_in(world.client), f"{page}choice/", page, page)


@place("contracts:request_milestones", typed=ROW | {"note": REASON}, kinds=EDITOR)
def a_request_sent_back() -> Scene:
    world = factories.agreed(4)
    request = asking.asked(world)
    return on(world.contract, f"requests/{request.pk}/milestones/", world.client)


@place("contracts:request_draft", typed=ROW, kinds=EDITOR, writes=False, refuses=False)
def edits_of_a_request() -> Scene:
    world = factories.agreed(4)
    page = f"/contracts/{world.contract.pk}/requests/{asking.asked(world).pk}/milestones/"
    return Scene(signed_in(world.client), f"{page}draft/", page, page)


@place("contracts:new_offer", typed=ROW | DRAFT | {"job_title": "Bridges"}, kinds=NEW_EDITOR)
def an_offer() -> Scene:
    client, talent = client_with_card(), ana_lima()
    return Scene(signed_in(joined(client, "owner")), f"/offers/new/?talent={talent.pk}")


@place("contracts:offer", typed=ROW | DRAFT, kinds=EDITOR)
def an_offer_changed() -> Scene:
    world = factories.offered(2)
    return on(world.contract, "offer/", world.client)


@place("contracts:deposit")
def a_deposit_not_paid() -> Scene:
    deal = dealing.offered("100.00", method="4000000000000002")
    return on(deal.key, "deposit/", deal.payer)


@place("contracts:withdrawal_of_offer")
def an_offer_taken_back() -> Scene:
    world = factories.offered(1)
    return on(world.contract, "withdrawal/", world.client)


@place("contracts:answer")
def an_offer_accepted() -> Scene:
    world = factories.offered(1)
    return on(world.contract, "answer/", world.talent)


@place("contracts:answer", typed={"reason": REASON}, button="decline")
def an_offer_declined() -> Scene:
    world = factories.offered(1)
    return on(world.contract, "answer/", world.talent)


@place("contracts:members")
def an_agencys_members() -> Scene:
    world = factories.offered(1, agency=True)
    factories.accept(world.contract)
    other = world.idle.memberships.get().pk
    return on(world.contract, "members/", world.talent, typed={"members": str(other)})


@place("contracts:follow_on", typed=ROW | DRAFT | {"job_title": "Bridges"}, kinds=NEW_EDITOR)
def a_follow_on() -> Scene:
    world = factories.ended(2)
    return on(world.contract, "follow-on/", world.client)


@place("contracts:new_proposal", typed=ROW | DRAFT | {"job_title": "Bridges"}, kinds=NEW_EDITOR)
def a_proposal() -> Scene:
    deal = proposing.acquainted()
    return Scene(signed_in(deal.earner), f"/proposals/new/?client={deal.client.pk}")


@place("contracts:propose", typed=ROW | DRAFT | {"job_title": "Bridges"}, kinds=NEW_EDITOR)
def a_proposal_from_the_room() -> Scene:
    world = factories.agreed(1)
    return on(world.contract, "new-proposal/", world.talent)


@place("contracts:proposal", button="accept")
def a_proposal_accepted() -> Scene:
    deal = proposing.proposed("100.00")
    return on(deal.key, "proposal/", deal.payer)


@place("contracts:proposal", typed={"reason": REASON}, button="decline")
def a_proposal_declined() -> Scene:
    deal = proposing.proposed("100.00")
    return on(deal.key, "proposal/", deal.payer)


@place("contracts:withdrawal_of_proposal")
def a_proposal_taken_back() -> Scene:
    deal = proposing.proposed("100.00")
    return on(deal.key, "proposal/withdrawal/", deal.earner)
