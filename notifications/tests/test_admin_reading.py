"""Staff read what people wrote to each other, and each time it is written down first: who, what, when."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from contracts.models import Disclosure, Shown
from contracts.operations.disclosing import disclose
from contracts.tests.pages import parsed
from notifications.models import Post
from notifications.tests.writing import write
from tests.factories import Agreed, agreed
from tests.staff import at_work, staff

pytestmark = pytest.mark.django_db
POSTS = "/admin/notifications/post/"


@pytest.fixture
def world() -> Agreed:
    world = agreed()
    write(world, world.client, "The <b>harbour</b> gate is open.")
    write(world, world.talent, "Then I come in.")
    return world


@pytest.fixture
def helper() -> Client:
    return at_work(staff("support"))


def of(world: Agreed) -> str:
    return f"{POSTS}of/{world.contract.pk}/"


def test_reading_messages_is_on_record(world, helper):
    page = parsed(helper.get(of(world)))
    assert "The &lt;b&gt;harbour&lt;/b&gt; gate is open." in page
    assert "Then I come in." in page
    one = Disclosure.objects.get()
    first, last = Post.objects.filter(event=None).order_by("pk")
    assert (one.contract, one.what, one.posts) == (world.contract, Shown.MESSAGES, f"{first.pk} to {last.pk}")
    assert str(one.to_id) == helper.session["_auth_user_id"]


def test_reading_one_message_is_on_record_and_one_of_cairn_is_not_private(world, helper):
    mine = Post.objects.filter(event=None).first()
    assert "harbour" in parsed(helper.get(f"{POSTS}{mine.pk}/change/"))
    assert [(one.what, one.posts) for one in Disclosure.objects.all()] == [(Shown.MESSAGE, str(mine.pk))]
    for path in (POSTS, "/admin/notifications/conversation/", "/admin/notifications/postfile/"):
        assert "harbour" not in parsed(helper.get(path))
    assert Disclosure.objects.count() == 1


def test_nothing_is_shown_that_could_not_be_written_down(world, helper):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; REVOKE INSERT ON contracts_disclosure FROM cairn_app; SET ROLE cairn_app")
    for path in (of(world), f"{POSTS}{Post.objects.filter(event=None).first().pk}/change/"):
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic():
            helper.get(path)


def test_older_messages_are_a_page_of_their_own(world, helper, monkeypatch):
    monkeypatch.setattr("notifications.admin.PAGE", 1)
    page = parsed(helper.get(of(world)))
    assert "Then I come in." in page
    assert "harbour" not in page
    newest = Post.objects.filter(event=None).latest("pk")
    assert f'href="?before={newest.pk}"' in page
    assert "harbour" in parsed(helper.get(f"{of(world)}?before={newest.pk}"))
    for odd in ("x", "-1", "9" * 40, "1e3"):
        assert helper.get(of(world), {"before": odd}).status_code == 200


def test_who_may_not_look_reads_and_records_nothing(world):
    outside = at_work(staff())
    assert outside.get(of(world)).status_code == 403
    assert outside.get(f"{POSTS}{Post.objects.first().pk}/change/").status_code == 403
    assert outside.get(f"{POSTS}of/{world.contract.job.client_id}/").status_code in (403, 404)
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("role", ["cairn_app", "NONE"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET posts = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_shown_stays_on_record(world, statement, role):
    disclose(contract=world.contract, to=staff("support"), what=Shown.EVIDENCE)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET ROLE {role}")
        with pytest.raises(DatabaseError, match=r"denied|on record"), transaction.atomic():
            cursor.execute(statement.format("contracts_disclosure"))
    assert Disclosure.objects.count() == 1
