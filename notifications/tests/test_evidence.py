"""What a dispute is decided on, as staff read it: one page, one PDF, each file, and who read it is kept (B44)."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.models import Contract, Disclosure, Dispute
from contracts.operations.disputes import open_dispute
from contracts.operations.splits import offer_split
from contracts.operations.work import submit_work
from contracts.states import MilestoneStatus
from contracts.tests.visiting import NOWHERE, said, signed_in
from escrow.money import parse_amount
from notifications.messages.posting import post_message
from notifications.models import PostFile
from tests.factories import Agreed, agreed, outsider
from tests.staff import at_work, staff


@pytest.fixture
def world(db) -> Agreed:
    world = agreed(2, current=MilestoneStatus.ACTIVE)
    contract = world.contract
    submit_work(
        contract=contract, by=world.talent, milestone=contract.current, key=uuid.uuid4(), message="Here it is. " * 400,
        files=[SimpleUploadedFile("draft.txt", b"The draft.")],
    )  # fmt: skip
    post_message(
        contract=contract, by=world.talent, key=uuid.uuid4(), text="<i>As</i> agreed on Monday.",
        files=[SimpleUploadedFile("notes.txt", b"Monday.")],
    )  # fmt: skip
    open_dispute(contract=contract, by=world.client, reason="It is empty.")
    offer_split(
        contract=contract, by=world.talent, key=uuid.uuid4(), dispute=Dispute.objects.get(),
        to_talent=parse_amount("60"), at_stake=Contract.objects.with_money().get().held, note="Fair?",
    )  # fmt: skip
    return world


def address(rest: str = "") -> str:
    return f"/staff/disputes/{Dispute.objects.get().pk}/{rest}"


def test_b44_staff_read_all_of_it_on_one_page_and_lead_to_the_decision(world):
    finance, support = staff("finance"), staff("support")
    answer = at_work(finance).get(address())
    text = said(answer)
    for words in ("$100.00 is in dispute", "It is empty.", "Here it is.", "draft.txt", "<i>As</i> agreed on Monday.",
                  "notes.txt", "$60.00 to the talent", "Fair?", "+$100.00 → $100.00", "sent the offer"):  # fmt: skip
        assert words in text
    assert "/admin/contracts/staffact/new/decide/" in answer.text
    assert "/admin/contracts/staffact/new/decide/" not in at_work(support).get(address()).text
    assert address() in at_work(support).get(f"/admin/contracts/dispute/{Dispute.objects.get().pk}/change/").text
    assert sorted(Disclosure.objects.values_list("to", "what")) == sorted(
        [(finance.pk, "evidence"), (support.pk, "evidence")]
    )


def test_b44_the_same_as_one_pdf_however_long_it_is(world):
    answer = at_work(staff("support")).get(address("evidence.pdf"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type /Page\n") > 2


def test_b44_staff_open_the_files_of_this_contract_alone(world):
    browser, file = at_work(staff("support")), PostFile.objects.get()
    answer = browser.get(address(f"files/{file.pk}/"))
    assert (b"".join(answer.streaming_content), answer["Content-Disposition"][:10]) == (b"Monday.", "attachment")
    assert browser.get(address(f"files/{NOWHERE}/")).status_code == 404


@pytest.mark.parametrize("rest", ["", "evidence.pdf", f"files/{NOWHERE}/"])
def test_b44_nobody_else_sees_it(world, rest):
    for user in (world.client, world.talent, outsider()):
        assert signed_in(user).get(address(rest)).status_code == 404
    assert at_work(staff()).get(address(rest)).status_code == 403
    assert not Disclosure.objects.exists()
