"""What staff see of telling: every row to look at, and the emails that were given up, which they can send again."""

import uuid

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contracts.models import Contract
from contracts.tests.pages import parsed
from contracts.tests.test_jobs import signed_in
from marketplace import clock
from marketplace.models import User
from notifications.messages.posting import post_message
from notifications.models import Channel, Delivery, How, Topic
from notifications.wishes import wish
from tests.factories import Agreed, UserFactory, submitted
from tests.staff import staff

pytestmark = pytest.mark.django_db
HERE = "/admin/notifications/delivery/"
OURS = list(apps.get_app_config("notifications").get_models())


@pytest.fixture
def root() -> Client:
    return signed_in(User.objects.create_superuser("root@cairn.test", name="Root"))


@pytest.fixture
def world(pass_on) -> Agreed:
    """Something was told, a message with a file was written, and somebody chose how they are told."""
    world = submitted(1)
    pass_on()
    contract = Contract.objects.get(pk=world.contract.pk)
    notes = SimpleUploadedFile("notes.txt", b"As we said.")
    post_message(contract=contract, by=world.talent, key=uuid.uuid4(), text="Hello", files=[notes])
    wish(by=world.client, topic=Topic.FEEDBACK, email=How.OFF, bell=True)
    return world


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_row_can_be_found_and_seen_and_none_changed(root, world, model):
    path, row = f"/admin/notifications/{model._meta.model_name}/", model.objects.first()
    for query in ("", "?q=Small"):
        parsed(root.get(path + query))
    opened = root.get(f"{path}{row.pk}/change/")
    assert opened.status_code == 200
    assert 'name="_save"' not in parsed(opened)
    assert root.get(f"{path}add/").status_code == root.get(f"{path}{row.pk}/delete/").status_code == 403
    assert not admin.site._registry[model].has_change_permission(None)


def dead(world: Agreed) -> Delivery:
    row = Delivery.objects.filter(channel=Channel.EMAIL, recipient=world.client).latest("pk")
    Delivery.objects.filter(pk=row.pk).update(status="dead", due_at=None, tries=11, error="451 Try again later")
    return row


def send_again(browser: Client, *rows: Delivery):
    return browser.post(HERE, {"action": "send_again", "_selected_action": [row.pk for row in rows]}, follow=True)


def test_what_was_given_up_is_shown_with_its_error_and_can_be_sent_again(root, world, outbox):
    outbox()
    row = dead(world)
    assert "451 Try again later" in parsed(root.get(f"{HERE}?status__exact=dead"))
    assert "1 email goes out again" in parsed(send_again(root, row))
    row.refresh_from_db()
    assert (row.status, row.tries) == ("waiting", 0)
    assert row.due_at <= clock.now()
    (mail,) = outbox()
    assert mail.extra_headers["Message-ID"] == f"<{row.mail}@localhost>"


def test_nothing_but_what_was_given_up_is_sent_again(root, world, outbox):
    outbox()
    before = list(Delivery.objects.order_by("pk").values())
    assert "0 emails go out again" in parsed(send_again(root, *Delivery.objects.all()))
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_finance_sends_again(world, outbox):
    row = dead(world)
    assert "1 email goes out again" in parsed(send_again(signed_in(staff("finance")), row))


def test_staff_who_may_only_look_send_nothing_again(world):
    looking = UserFactory.create(is_staff=True)
    looking.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    row = dead(world)
    send_again(signed_in(looking), row)
    row.refresh_from_db()
    assert row.status == "dead"
