"""A new offer: whom it can be made to, what the page says before, what is made of it, and what is refused (B40)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.reading.offers import Conditions, Deposit
from contracts.tests.browsing import HTMX, ids, read, text, with_class, with_id
from contracts.tests.offering import NEW, form_in, put, send, sums, to, with_row, written
from contracts.tests.pages import fragment
from contracts.tests.visiting import NO_AMOUNTS, NOWHERE, followed, said, signed_in, wrong_fields
from escrow.models import Payment
from escrow.tests.paying import CONFIRMS, DECLINES
from marketplace import clock
from marketplace.models import Job, Membership, Party, PartyKind, User
from tests.books import books_hold
from tests.factories import JobFactory, PartyFactory, agreed, card, joined, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Party:
    party = PartyFactory.create(name="Harbour")
    card(party)
    return party


@pytest.fixture
def owner(client) -> User:
    return joined(client, "owner")


@pytest.fixture
def browser(owner) -> Client:
    return signed_in(owner)


@pytest.fixture
def talent() -> Party:
    party = PartyFactory.create(kind=PartyKind.FREELANCER, name="Ana Lima")
    joined(party, "owner")
    return party


def nothing_was_made() -> None:
    assert not Contract.objects.exists()
    assert not Payment.objects.exists()
    assert not Job.objects.exists()
    books_hold()


# Whom it is for


def listed(browser, query: str = "", **headers) -> list[str]:
    root = read(browser.get(f"{NEW}{query}", headers=headers))
    return [text(at) for at in with_class(root, "list-title")]


def test_freelancers_and_agencies_are_listed_by_name_and_found_without_a_script(browser, talent):
    PartyFactory.create(kind=PartyKind.AGENCY, name="Brook & Sons")
    PartyFactory.create(name="Another client")
    assert listed(browser) == ["Ana Lima", "Brook & Sons"]
    assert listed(browser, "?q=LIMA") == ["Ana Lima"]
    assert listed(browser, "?q=%25") == []
    assert "Nobody found for “<b>”" in said(browser.get(f"{NEW}?q=%3Cb%3E"))


def test_to_htmx_only_what_was_found_is_answered(browser, talent):
    answer = browser.get(f"{NEW}?q=ana", headers=HTMX)
    assert "Ana Lima" in fragment(answer)
    assert "<h1" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_every_talent_is_shown_once_page_after_page_though_all_have_one_name(browser):
    for _each in range(45):
        PartyFactory.create(kind=PartyKind.FREELANCER, name="Same Name")
    seen, sizes, query = [], [], ""
    while query is not None:
        page = browser.get(f"{NEW}{query}").context["page"]
        seen += [talent.pk for talent in page.talents]
        sizes.append(len(page.talents))
        query = f"?after={page.after}" if page.after else None
    assert sizes == [20, 20, 5]
    assert len(set(seen)) == 45
    rest = browser.get(f"{NEW}?after={seen[39]}", headers=HTMX)
    assert fragment(rest, "ol").count('<li class="list-row"') == 5


@pytest.mark.parametrize("after", ["x", "%00", NOWHERE, "9" * 5_000])
def test_a_place_that_cannot_be_read_gives_the_first_page(browser, talent, after):
    assert listed(browser, f"?after={after}") == ["Ana Lima"]


def test_as_many_queries_for_one_talent_as_for_twenty(browser, talent, django_assert_num_queries):
    with django_assert_num_queries(4):  # session, user, parties, talents
        browser.get(NEW)
    for number in range(30):
        PartyFactory.create(kind=PartyKind.AGENCY, name=f"Agency {number}")
    with django_assert_num_queries(4):
        assert len(listed(browser)) == 20


def test_it_is_said_with_whom_one_worked_before():
    world = agreed(1)
    PartyFactory.create(kind=PartyKind.AGENCY, name="New to us")
    page = said(signed_in(world.client).get(NEW))
    assert f"{world.contract.talent.name} Freelancer, you have worked together" in page
    assert page.count("worked together") == 1


def test_s12_those_whom_one_acts_for_are_not_listed_and_refused(browser, owner, talent):
    Membership.objects.create(user=owner, party=talent, role="owner")
    assert listed(browser) == []
    answer = send(browser, to(talent), written(browser, to(talent)))
    assert answer.status_code == 422
    assert "Nobody is on both sides of a contract" in said(answer)
    nothing_was_made()


@pytest.mark.parametrize("key", ["", "x", NOWHERE, "%00", "9" * 5_000])
def test_without_a_talent_there_is_the_list_to_choose_from(browser, talent, key):
    assert "Who is it for?" in said(browser.get(f"{NEW}?talent={key}"))
    answer = browser.post(f"{NEW}?talent={key}", {"title": "A bridge"})
    assert answer.status_code == 422
    assert "An offer needs somebody to go to" in said(answer)


def test_a_client_is_nobody_to_make_an_offer_to(browser):
    other = PartyFactory.create()
    assert "Who is it for?" in said(browser.get(to(other)))


def test_offers_are_made_by_a_clients_owner_and_managers(client, talent):
    for role, status in (("owner", 200), ("manager", 200), ("viewer", 403)):
        browser = signed_in(joined(client, role))
        assert browser.get(NEW).status_code == status
        assert browser.get(to(talent)).status_code == status
        assert browser.post(to(talent)).status_code == (403 if status == 403 else 422)
    assert signed_in(joined(talent, "owner")).get(NEW).status_code == 403
    assert signed_in(User.objects.create_user("alone@cairn.test", name="Alone")).get(to(talent)).status_code == 403
    assert Client().get(NEW)["Location"].startswith("/accounts/login/")
    nothing_was_made()


def test_my_jobs_leads_to_it_those_who_may(client, talent):
    assert 'href="/offers/new/"' in signed_in(joined(client, "manager")).get("/jobs/").content.decode()
    for user in (joined(client, "viewer"), joined(talent, "owner")):
        assert 'href="/offers/new/"' not in signed_in(user).get("/jobs/").content.decode()


# What the page says before


def test_b40_the_page_begins_with_one_milestone_and_says_the_conditions_and_the_fee(browser, talent):
    answer = browser.get(to(talent))
    page = said(answer)
    assert "To Ana Lima, freelancer" in page
    assert "10 % of whatever is released" in page
    assert "The client has 14 days after each submission" in page
    assert "Within 7 days; without an answer the offer expires" in page
    dash = "\N{EN DASH}"
    nothing = f"Deposit: the first milestone {dash} Contract Initiation Fee $4.95 You are charged now {dash}"
    assert sums(answer) == nothing
    assert len(with_class(read(answer), "plan-row")) == 1


def test_b21_before_the_click_the_page_says_to_the_cent_what_will_be_charged(browser, talent):
    fields = with_row(written(browser, to(talent), **{"amount-first": "1,200.5"}), "Deck", "80")
    answer = send(browser, to(talent), [*fields, ("look", "sums")])
    assert answer.status_code == 200
    expected = "Deposit: the first milestone $1,200.50 Contract Initiation Fee $4.95 You are charged now $1,205.45"
    assert sums(answer) == expected
    assert "Total $1,280.50" in said(answer)
    nothing_was_made()


def test_without_a_script_a_row_is_added_and_what_was_typed_stays(browser, talent):
    fields = written(browser, to(talent), terms="Stone", **{"description-first": "Two of them"})
    answer = send(browser, to(talent), [*fields, ("look", "row")])
    stands = dict(form_in(answer))
    assert len([name for name, _value in form_in(answer) if name == "key"]) == 2
    assert (stands["title"], stands["terms"]) == ("A bridge", "Stone")
    assert "Two of them" in stands.values()
    assert not wrong_fields(answer)
    nothing_was_made()


def test_a_row_for_it_comes_with_a_key_of_its_own(browser, talent):
    known = ids(read(browser.get(to(talent))))
    rows = [read(browser.get("/offers/new/row/", headers=HTMX), inside="ol", known=known) for _each in range(2)]
    keys = [next(at.get("value") for at in row.iter("input") if at.get("name") == "key") for row in rows]
    assert len({*map(uuid.UUID, keys)}) == 2
    assert 'hx-get="/offers/new/row/"' in browser.get(to(talent)).content.decode()


def test_a_client_without_a_card_is_shown_the_way_to_one_and_back(talent):
    browser = signed_in(joined(PartyFactory.create(), "owner"))
    answer = browser.get(to(talent))
    assert f"/payment-methods/?next=/offers/new/%3Ftalent%3D{talent.pk}" in answer.content.decode()
    fields = [(name, value) for name, value in written(browser, to(talent)) if name != "method"]
    answer = send(browser, to(talent), fields)
    assert answer.status_code == 422
    nothing_was_made()


# What is made of it


def test_b40_an_offer_is_made_its_deposit_charged_and_the_talent_can_answer(browser, client, talent, owner):
    fields = written(browser, to(talent), job_title="Crossings", terms="Of stone.\r\nBy hand.")
    fields = with_row(fields, "Deck", "80.00")
    page = followed(browser, send(browser, to(talent), fields))
    assert "The offer was sent to Ana Lima. $124.95 was charged to Visa •••• 4242" in page
    contract = Contract.objects.with_money().get()
    assert (contract.pk, contract.status) == (uuid.UUID(dict(fields)["offer_key"]), "offered")
    assert (contract.client, contract.talent, contract.job.title) == (client, talent, "Crossings")
    assert (contract.title, contract.terms) == ("A bridge", "Of stone.\nBy hand.")
    assert [(line.title, line.amount) for line in contract.plan()] == [("Piers", Decimal(120)), ("Deck", Decimal(80))]
    assert (contract.held, contract.fee_held) == (Decimal("120.00"), Decimal("4.95"))
    assert contract.answer_by - contract.sent_at == timedelta(days=7)
    earner = talent.memberships.get().user
    assert signed_in(earner).get(f"/contracts/{contract.pk}/answer/").status_code == 200
    books_hold()


def test_b40_what_the_page_says_is_what_is_charged(browser, talent):
    fields = written(browser, to(talent), **{"amount-first": "77.77"})
    send(browser, to(talent), fields)
    contract = Contract.objects.get()
    deposit = Deposit.for_new(contract.plan(), Conditions.of(contract).initiation_fee)
    assert Payment.objects.get().amount == deposit.charge == Decimal("82.72")
    books_hold()


def test_an_offer_belongs_to_one_of_the_clients_jobs_or_to_a_new_one_called_like_it(browser, client, talent):
    job = JobFactory.create(client=client, title="Crossings")
    send(browser, to(talent), put(written(browser, to(talent)), job=str(job.pk)))
    send(browser, to(talent), written(browser, to(talent), title="A dam"))
    assert list(Contract.objects.order_by("created_at").values_list("job__title", flat=True)) == ["Crossings", "A dam"]
    books_hold()


def test_the_same_form_twice_makes_one_offer_and_says_so_twice(browser, talent):
    fields = written(browser, to(talent))
    pages = [followed(browser, send(browser, to(talent), fields)) for _each in range(2)]
    assert all("The offer was sent to Ana Lima" in page for page in pages)
    assert (Contract.objects.count(), Payment.objects.count(), Job.objects.count()) == (1, 1, 1)
    books_hold()


def test_i17_a_form_that_made_an_offer_makes_another_one_only_with_a_key_of_its_own(browser, talent):
    fields = written(browser, to(talent))
    send(browser, to(talent), fields)
    answer = send(browser, to(talent), put(fields, title="Another bridge"))
    assert answer.status_code == 409
    assert Contract.objects.get().title == "A bridge"
    stands = form_in(answer)
    assert dict(stands)["offer_key"] != dict(fields)["offer_key"]
    key = dict(stands)["key"]
    rekeyed = [
        (name.replace(key, new), value.replace(key, new)) for new in [str(uuid.uuid4())] for name, value in stands
    ]
    assert send(browser, to(talent), rekeyed).status_code == 302
    assert Contract.objects.count() == 2
    books_hold()


# What is refused, with everything that was typed


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, "", "0", "4.99", "1000000.01"])
def test_b02_a_wrong_amount_is_said_beside_it_and_everything_typed_stays(browser, talent, amount):
    fields = with_row(written(browser, to(talent), terms="Of stone", **{"amount-first": amount}), "Deck", "80.00")
    answer = send(browser, to(talent), fields)
    assert answer.status_code == 422
    key = dict(fields)["key"]
    first = next(value for name, value in fields if name == "key")
    assert wrong_fields(answer) == [f"amount-{first}"]
    stands = dict(form_in(answer))
    assert (stands["title"], stands["terms"], stands[f"amount-{key}"]) == ("A bridge", "Of stone", "80.00")
    assert stands[f"amount-{first}"] == amount
    nothing_was_made()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("title", ""), ("title", "\N{ZERO WIDTH SPACE}"), ("title", "x" * 121), ("terms", "x" * 20_001),
     ("job_title", "x" * 121), ("job", "0"), ("job", "x"), ("job", str(2**63)), ("job", "-1"), ("method", "x"),
     ("method", str(2**63)), ("method", "")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(browser, talent, name, typed):
    answer = send(browser, to(talent), put(written(browser, to(talent)), **{name: typed}))
    assert answer.status_code == 422
    assert wrong_fields(answer) == [name]
    nothing_was_made()


def test_a_milestone_without_a_title_or_in_the_past_is_said_beside_it(browser, talent):
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    fields = written(browser, to(talent), **{"title-first": "", "due_date-first": yesterday})
    answer = send(browser, to(talent), fields)
    key = dict(fields)["key"]
    assert answer.status_code == 422
    assert wrong_fields(answer) == [f"title-{key}", f"due_date-{key}"]
    nothing_was_made()


def test_b40_an_offer_needs_a_milestone(browser, talent):
    fields = written(browser, to(talent))
    answer = send(browser, to(talent), [*fields, (f"delete-{dict(fields)['key']}", "1")])
    assert answer.status_code == 422
    assert "An offer needs at least one milestone" in said(answer)
    nothing_was_made()


def test_b03_an_offer_has_at_most_200_milestones(browser, talent):
    fields = written(browser, to(talent))
    for number in range(200):
        fields = with_row(fields, f"Step {number}", "5.00")
    answer = send(browser, to(talent), fields)
    assert answer.status_code == 422
    assert "A contract has at most 200 milestones; this plan has 201." in said(answer)
    nothing_was_made()


@pytest.mark.parametrize("key", ["", "x", "9" * 5_000])
def test_a_form_whose_key_was_damaged_makes_nothing(browser, talent, key):
    answer = send(browser, to(talent), put(written(browser, to(talent)), offer_key=key))
    assert answer.status_code == 422
    assert "did not arrive as it was sent" in said(answer)
    nothing_was_made()


def test_somebody_elses_job_card_contract_and_milestone_cannot_be_used(browser, talent):
    world = offered(1)
    job, method = world.contract.job, world.contract.client.payment_methods.get()
    theirs = str(world.contract.milestones.get().pk)
    for field in ({"job": str(job.pk)}, {"method": str(method.pk)}):
        assert send(browser, to(talent), put(written(browser, to(talent)), **field)).status_code == 422
    stolen = send(browser, to(talent), put(written(browser, to(talent)), offer_key=str(world.contract.pk)))
    assert stolen.status_code in {403, 422}
    fields = written(browser, to(talent))
    key = dict(fields)["key"]
    foreign = [(name.replace(key, theirs), value.replace(key, theirs)) for name, value in fields]
    assert send(browser, to(talent), foreign).status_code == 422
    assert Contract.objects.get() == world.contract
    books_hold()


def test_fields_that_nobody_may_post_change_nothing(browser, client, talent):
    extra = {"client": NOWHERE, "status": "active", "initiation_fee": "0", "service_fee": "0", "plan_version": "9"}
    assert send(browser, to(talent), put(written(browser, to(talent)), **extra)).status_code == 302
    contract = Contract.objects.get()
    assert (contract.client, contract.status, contract.plan_version) == (client, "offered", 1)
    assert contract.initiation_fee == Decimal("4.95")


# The card


def test_b40_with_a_declined_card_the_offer_is_kept_unsent_and_can_be_paid_with_another(browser, client, talent):
    bad = card(client, DECLINES)
    answer = send(browser, to(talent), put(written(browser, to(talent)), method=str(bad.pk)))
    assert answer.status_code == 422
    assert "Nothing was charged. The offer is kept as you wrote it" in said(answer)
    contract = Contract.objects.get()
    earner = signed_in(talent.memberships.get().user)
    assert contract.sent_at is None
    assert earner.get(f"/contracts/{contract.pk}/answer/").status_code == 404
    deposit = f"/contracts/{contract.pk}/deposit/"
    page = browser.get(deposit)
    assert "You are charged now $124.95" in said(page)
    key = next(at.get("value") for at in read(page).iter("input") if at.get("name") == "key")
    good = client.payment_methods.get(last4="4242")
    paid = followed(browser, browser.post(deposit, {"key": key, "method": good.pk}))
    assert "The offer is open for an answer. $124.95 was charged" in paid
    assert earner.get(f"/contracts/{contract.pk}/answer/").status_code == 200
    books_hold()


def test_a_charge_that_has_to_be_confirmed_leads_to_its_page(browser, client, talent):
    confirms = card(client, CONFIRMS)
    answer = send(browser, to(talent), put(written(browser, to(talent)), method=str(confirms.pk)))
    payment = Payment.objects.get()
    assert answer["Location"] == f"/contracts/{payment.subject}/payments/{payment.pk}/"
    for page in ("deposit", "offer"):
        assert browser.get(f"/contracts/{payment.subject}/{page}/")["Location"] == answer["Location"]
    books_hold()


def test_the_page_is_read_with_a_screen_reader_too(browser, talent):
    root = read(browser.get(to(talent)))
    fields = [at for at in with_id(root, "editor").iter() if at.tag in {"input", "select", "textarea"}]
    labels = {at.get("for") for at in root.iter("label")}
    assert {at.get("id") for at in fields if at.get("type") != "hidden"} <= labels
