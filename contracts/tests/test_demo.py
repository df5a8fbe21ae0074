"""The demo command: when the demo is loaded and when it is not, and the large set."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contracts.models import Contract, Event, Milestone, PlanRevision
from marketplace import clock
from marketplace.models import User
from tests.books import books_hold
from tests.factories import offered


def demo(*args: str) -> str:
    said = StringIO()
    call_command("demo", *args, stdout=said)
    return said.getvalue()


def seen_by(email: str) -> set[str]:
    user = User.objects.get(email=email)
    return set(Contract.objects.visible_to(user).values_list("title", flat=True))


def test_the_password_can_be_chosen(own_database, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "something longer")
    with pytest.raises(BrokenPipeError):
        call_command("demo", stdout=BreaksOff("Contract"))
    assert User.objects.get(email="client@cairn.test").check_password("something longer")


def test_production_is_left_alone(db, settings):
    settings.MODE, settings.DEMO = "production", False
    with pytest.raises(CommandError, match="demo mode only"):
        demo()
    with pytest.raises(CommandError, match="demo mode only"):
        demo("--contracts", "1")
    assert not User.objects.exists()


class BreaksOff(StringIO):
    """A terminal that closes in the middle of the demo, when this word comes."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def write(self, text: str) -> int:
        if self.word in text:
            raise BrokenPipeError
        return super().write(text)


def test_an_interrupted_demo_is_noticed_and_said(own_database):
    with pytest.raises(BrokenPipeError):
        call_command("demo", stdout=BreaksOff("Archive"))
    for how in ([], ["--if-empty"]):
        with pytest.raises(CommandError, match="An earlier load of the demo was interrupted"):
            demo(*how)


def test_a_demo_that_was_interrupted_before_anybody_was_there_is_loaded(own_database):
    clock.begin(timedelta(days=3))
    with pytest.raises(BrokenPipeError):
        call_command("demo", stdout=BreaksOff("People"))
    assert User.objects.exists()


@pytest.mark.parametrize("args", [("--contracts", "0"), ("--contracts", "1", "--milestones", "201")])
def test_a_large_set_that_cannot_be_is_refused(db, args):
    with pytest.raises(CommandError, match="at least 1 contract"):
        demo(*args)


def test_the_large_set_is_whole(own_database):
    said = demo("--contracts", "210", "--milestones", "7")
    assert "2,450 rows" in said  # 210 jobs and contracts, 1,470 milestones, 280 revisions and as many events
    assert Contract.objects.count() == 210
    assert Milestone.objects.count() == 1_470
    assert PlanRevision.objects.count() == Event.objects.count() == 280
    assert len(seen_by("heavy@cairn.test")) == 21
    assert User.objects.get(email="heavy@cairn.test").check_password("cairn-demo")
    assert not any(user.has_usable_password() for user in User.objects.exclude(email="heavy@cairn.test"))


def test_the_large_set_keeps_every_rule(own_database):
    demo("--contracts", "60", "--milestones", "7")
    for one in Contract.objects.all():
        assert one.revisions.get(number=one.plan_version).plan == one.plan()
        state = "cancelled" if one.is_closed else "future"
        assert set(one.milestones.values_list("status", flat=True)) == {state}
    assert set(Contract.objects.values_list("status", flat=True)) == {"active", "ended"}
    books_hold()


def test_what_comes_after_the_large_set_gets_ids_of_its_own(own_database):
    demo("--contracts", "10", "--milestones", "1")
    before = Event.objects.count()
    with pytest.raises(CommandError, match="there already"):
        demo("--contracts", "10")
    offered(2)
    assert Event.objects.count() == before + 1
    books_hold()
