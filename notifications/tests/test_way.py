"""From an event to Messages, the bell and an email with the same change in both of its parts (B11)."""

import pytest

from contracts.models import Event
from contracts.operations.plan import save_plan
from contracts.plan import Plan
from marketplace import clock
from notifications.models import Channel, Delivery, Post
from tests.factories import agreed, line

pytestmark = pytest.mark.django_db


def test_b11_a_saved_plan_is_told_in_messages_in_the_app_and_by_email(outbox):
    world = agreed(2)
    outbox()
    contract = world.contract
    contract.refresh_from_db()
    plan = contract.plan()
    save_plan(
        contract=contract, by=world.client, base=contract.plan_version, today=clock.now().date(),
        mine=Plan((*plan, line("Shine & polish <b>", "80.00"))),
    )  # fmt: skip
    (mail,) = outbox()
    event = Event.objects.latest("pk")
    assert Post.objects.get(event=event).contract == contract
    told = Delivery.objects.filter(post__event=event, recipient=world.talent)
    assert set(told.values_list("channel", "status")) == {(Channel.BELL, "sent"), (Channel.EMAIL, "sent")}
    assert mail.to == [world.talent.email]
    assert mail.subject == f"{world.client.name} added “Shine & polish <b>” at $80.00 · Small works"
    html = mail.alternatives[0].content
    assert "Shine &amp; polish &lt;b&gt;" in html
    assert "Added at 4: Shine & polish <b>" in mail.body
