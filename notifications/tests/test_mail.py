"""One email: its two parts say the same, its headers are what mail programs expect, and nothing typed forges them."""

import re
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import html5lib
import pytest

from contracts.models import Contract, Event
from contracts.operations.plan import save_plan
from contracts.operations.requests import send_request
from contracts.operations.staff.freezing import freeze_contract
from contracts.plan import ChangeSet, Line, Plan
from contracts.reading.words import day, money
from marketplace import clock
from marketplace.models import User
from notifications.links import read_token
from notifications.models import Delivery, Post, Topic
from notifications.telling import UNREAD_FOR, tell_post
from notifications.wishes import wishes
from tests.factories import Agreed, agreed, ended, line, submitted

pytestmark = pytest.mark.django_db
HERE = "http://localhost:8000"


@pytest.fixture
def world(outbox) -> Agreed:
    world = agreed(4)
    outbox()
    return world


def change(world: Agreed) -> Plan:
    """Raise one, remove one, add one and move one."""
    kickoff, first, _second, third, fourth = Contract.objects.get(pk=world.contract.pk).plan()
    dearer = Line(first.key, "Sketch & <ink>", "On paper", first.amount + 300, None)
    return Plan((kickoff, fourth, dearer, line("Prints", "75.00", "Two of\neach"), third))


def save(world: Agreed, plan: Plan) -> Event:
    contract = Contract.objects.get(pk=world.contract.pk)
    save_plan(contract=contract, by=world.client, base=contract.plan_version, mine=plan, today=clock.now().date())
    return Event.objects.latest("pk")


def parts(mail) -> tuple[str, str]:
    """What a reader sees of the HTML, and the plain text, each with single spaces."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(mail.alternatives[0].content)
    html = " ".join("".join(tree.find("body").itertext()).split())
    return html, " ".join(re.sub(r"[\u2068\u2069|]", " ", mail.body).split())


def test_b11_both_parts_hold_every_row_kind_and_value_and_the_totals(world, outbox):
    event = save(world, change(world))
    (mail,) = outbox()
    before = event.contract.revisions.get(number=event.revision.number - 1)
    changes = ChangeSet(before.plan, event.revision.plan)
    assert len(changes.changed) >= 4
    for part in parts(mail):
        for row in changes.changed:
            assert row.line.title in part
            for field in row.fields:
                assert str(money(field.new) if field.name == "amount" else field.new) in part
        totals = money(changes.total_before), money(changes.total_after)
        for word in ("Added", "Removed", "Edited", "oved", "Two of each", *totals):
            assert word in part, word
    assert parts(mail)[0].index("Prints") < parts(mail)[0].index("Open the contract")


def test_b11_one_save_of_200_changes_is_one_notice(outbox):
    world = agreed(1)
    outbox()
    kickoff, first = Contract.objects.get(pk=world.contract.pk).plan()
    save(world, Plan((kickoff, first, *(line(f"Step {place}", "6.00") for place in range(198)))))
    (mail,) = outbox()
    assert mail.subject == f"{world.client.name} added 198 milestones · Small works"
    assert Delivery.objects.filter(post__event=Event.objects.latest("pk")).count() == 2
    assert parts(mail)[1].count("Added at") == parts(mail)[0].count("Added") == 198


def test_a_request_says_what_is_asked_and_leads_to_its_page(world, outbox):
    contract = Contract.objects.get(pk=world.contract.pk)
    plan = contract.plan()
    request = send_request(
        contract=contract, by=world.talent, key=line().key, base=contract.plan_version, today=clock.now().date(),
        mine=Plan(tuple(plan)[:-1]), note="Not needed\n-- \nany more.",
    )  # fmt: skip
    mails = outbox()
    assert {mail.to[0] for mail in mails} == {world.client.email, world.manager.email}
    mail = mails[0]
    assert mail.subject.startswith(f"{world.talent.name} asks to remove “")
    link = f"{HERE}/contracts/{contract.pk}/requests/{request.pk}/"
    assert link in mail.body
    assert f'href="{link}"' in mail.alternatives[0].content
    assert "  | Not needed\n  | --\n  | any more." in mail.body


def sent(mail) -> EmailMessage:
    return mail.message(policy=SMTP)


def test_mails_of_a_contract_make_one_thread_each_with_an_id_of_its_own(world, outbox):
    save(world, change(world))
    (one,) = outbox()
    save(world, Plan((*change(world), line("Last", "10.00"))))
    (two,) = outbox()
    thread = f"<contract.{world.contract.pk}@localhost>"
    assert sent(one)["References"] == sent(two)["References"] == sent(two)["In-Reply-To"] == thread
    assert sent(one)["Message-ID"] != sent(two)["Message-ID"]
    assert sent(one)["Auto-Submitted"] == "auto-generated"


def test_what_is_always_told_has_a_link_that_explains_and_no_one_click(world, outbox, client):
    save(world, change(world))
    (mail,) = outbox()
    headers = sent(mail)
    assert headers["List-Unsubscribe-Post"] is None
    page = client.get(headers["List-Unsubscribe"].strip("<>").removeprefix(HERE))
    assert "always told" in page.content.decode()


def test_one_click_in_a_mail_program_stops_a_topic_without_signing_in(world, client, mailoutbox, outbox):
    tell_post(Post.objects.create(contract=world.contract, by=world.talent, text="Hello"), world.talent)
    clock.advance(UNREAD_FOR)
    mail = next(mail for mail in outbox() if mail.to == [world.client.email])
    headers = sent(mail)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix(HERE)
    assert read_token(path.split("/")[-2]) == (world.client.pk, (Topic.MESSAGES,))
    assert "Stop these emails" in client.get(path).content.decode()
    assert wishes(world.client)[Topic.MESSAGES].email == "at_once", "Looking changes nothing."
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wishes(world.client)[Topic.MESSAGES].email == "off"
    assert wishes(world.manager)[Topic.MESSAGES].email == "at_once"


@pytest.mark.parametrize("token", ["x", "a:b:c", "WyIxIiwibWVzc2FnZXMiXQ:1abc:zzz"])
def test_a_token_that_cairn_did_not_make_is_404(client, token):
    assert client.get(f"/notifications/stop/{token}/").status_code == 404
    assert client.post(f"/notifications/stop/{token}/").status_code == 404


@pytest.mark.parametrize("typed", [
    "Eve\r\nBcc: x@cairn.test", "Eve\nSubject: no", "Eve\u2028\x1b[2J", "מרים\u202e נא",
])  # fmt: skip
def test_nothing_that_is_typed_can_forge_a_header(world, outbox, typed):
    User.objects.filter(pk=world.client.pk).update(name=typed)
    Contract.objects.filter(pk=world.contract.pk).update(title=typed)
    save(world, change(world))
    (mail,) = outbox()
    raw = sent(mail)
    assert raw["Bcc"] is None
    assert len(raw.get_all("Subject")) == 1
    assert not re.search("[\r\n\u202e\x1b]", str(raw["Subject"]))
    assert raw["To"] == world.talent.email


def test_b43_both_sides_hear_until_when_they_can_give_feedback_each_on_their_own_clock(outbox):
    world = ended(1)
    User.objects.filter(pk=world.manager.pk).update(time_zone="Pacific/Kiritimati")
    moment = clock.now().replace(hour=13, minute=37)
    Contract.objects.filter(pk=world.contract.pk).update(feedback_by=moment)
    bodies = {mail.to[0]: mail.body for mail in outbox() if "ended the contract" in mail.subject}
    assert set(bodies) == {world.client.email, world.manager.email}, "The talent ended it."
    assert f"feedback until {day(moment)}, 13:37 (UTC)." in bodies[world.client.email]
    tomorrow = day(moment + timedelta(days=1))
    assert f"feedback until {tomorrow}, 03:37 (Pacific/Kiritimati)." in bodies[world.manager.email]


def test_what_happens_without_an_answer_is_told_with_the_time_at_which_it_does(outbox):
    world = submitted(1)
    review_by = world.contract.milestones.get(position=1).review_by
    (mail,) = (mail for mail in outbox() if "submitted work" in mail.subject and mail.to == [world.client.email])
    for part in parts(mail):
        assert f"request changes by {day(review_by)}, {review_by:%H:%M} (UTC). After that, $100.00" in part


def test_an_email_names_no_deadline_of_a_contract_that_was_frozen_meanwhile(outbox):
    world = submitted(1)
    freeze_contract(contract=world.contract, reason="Looked into.")
    said = [part for mail in outbox() if "submitted work" in mail.subject for part in parts(mail)]
    assert said
    assert all("every deadline of it stands still" in part for part in said)
    assert not any("is released without a review" in part for part in said)
