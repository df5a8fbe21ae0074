"""The demo: who and what is in it, when it is loaded, and the large set."""

from collections import Counter
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from contracts.models import Contract, Event, Milestone, PlanRevision
from contracts.plan import ChangeSet
from contracts.states import ContractStatus, MilestoneStatus
from marketplace.models import Party, User
from tests.factories import agreed

NAMES = ("client", "freelancer", "agency", "member", "viewer", "outsider", "staff")
PEOPLE = {f"{name}@cairn.test" for name in NAMES}


def demo(*args: str) -> str:
    said = StringIO()
    call_command("demo", *args, stdout=said)
    return said.getvalue()


def contract(title: str) -> Contract:
    return Contract.objects.get(title=title)


def statuses(title: str) -> Counter:
    return Counter(contract(title).milestones.values_list("status", flat=True))


def seen_by(email: str) -> set[str]:
    user = User.objects.get(email=email)
    return set(Contract.objects.visible_to(user).values_list("title", flat=True))


@pytest.fixture
def loaded(db) -> str:
    return demo()


def test_everybody_can_sign_in_with_the_one_password(loaded):
    assert set(User.objects.values_list("email", flat=True)) == PEOPLE
    assert all(user.check_password("cairn-demo") for user in User.objects.all())
    verified = EmailAddress.objects.filter(verified=True, primary=True)
    assert set(verified.values_list("email", flat=True)) == PEOPLE


def test_the_password_can_be_chosen(db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "something longer")
    assert "something longer" in demo()
    assert User.objects.get(email="client@cairn.test").check_password("something longer")


def test_staff_oversees_and_acts_for_nobody(loaded):
    staff = User.objects.get(email="staff@cairn.test")
    assert staff.is_staff
    assert staff.is_superuser
    assert not staff.memberships.exists()
    assert User.objects.filter(is_staff=True).count() == 1


def test_the_five_contracts_are_as_promised(loaded):
    assert statuses("Website relaunch") == {"paid": 3, "submitted": 1, "future": 8}
    assert statuses("Archive digitisation") == {"active": 1, "future": 199}
    assert statuses("Mobile app") == {"changes_requested": 1, "future": 4}
    assert statuses("Logo refresh") == {"funding": 1}
    assert statuses("Brand guidelines") == {"paid": 2, "refunded": 1, "cancelled": 1}
    assert contract("Brand guidelines").status == ContractStatus.ENDED
    assert not contract("Brand guidelines").milestones.filter(status=MilestoneStatus.FUTURE).exists()
    assert Contract.objects.count() == 5


def test_milestones_of_every_state_are_in_it(loaded):
    assert set(Milestone.objects.values_list("status", flat=True)) == set(MilestoneStatus.values)


def test_each_sees_what_is_theirs(loaded):
    all_five = {"Website relaunch", "Archive digitisation", "Mobile app", "Logo refresh", "Brand guidelines"}
    assert seen_by("client@cairn.test") == seen_by("viewer@cairn.test") == all_five
    assert seen_by("freelancer@cairn.test") == {"Website relaunch", "Mobile app"}
    assert seen_by("agency@cairn.test") == {"Archive digitisation", "Logo refresh", "Brand guidelines"}
    assert seen_by("member@cairn.test") == {"Archive digitisation"}
    assert seen_by("outsider@cairn.test") == seen_by("staff@cairn.test") == set()
    assert Party.objects.filter(memberships__user__email="outsider@cairn.test", kind="client").count() == 1


def test_x1_the_website_has_a_history_to_compare(loaded):
    revisions = list(contract("Website relaunch").revisions.all())
    counts = [ChangeSet(one.plan, two.plan).counts for one, two in pairwise(revisions)]
    assert [tuple(count) for count in counts] == [(1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0)]
    assert revisions[-1].plan == contract("Website relaunch").plan()
    assert {revision.by.email for revision in revisions} == {"client@cairn.test"}


def test_the_last_revision_of_every_contract_is_its_plan(loaded):
    for one in Contract.objects.all():
        assert one.revisions.get(number=one.plan_version).plan == one.plan()


def test_money_adds_up_in_the_demo(loaded):
    assert contract("Website relaunch").plan().total == Decimal("17350.50")


def test_a_database_with_users_is_left_alone(loaded):
    with pytest.raises(CommandError, match="only loaded into an empty one"):
        demo()
    assert demo("--if-empty") == "There are users already: no demo is loaded.\n"
    assert User.objects.count() == 7


def test_production_is_left_alone(db, settings):
    settings.MODE, settings.DEMO = "production", False
    with pytest.raises(CommandError, match="demo mode only"):
        demo()
    with pytest.raises(CommandError, match="demo mode only"):
        demo("--contracts", "1")
    assert not User.objects.exists()


class ClosedTerminal(StringIO):
    """Breaks off in the middle of the demo."""

    def write(self, text: str) -> int:
        if "Archive" in text:
            raise BrokenPipeError
        return super().write(text)


def test_an_interrupted_demo_leaves_nothing(db):
    with pytest.raises(BrokenPipeError):
        call_command("demo", stdout=ClosedTerminal())
    assert not User.objects.exists()


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


def test_the_large_set_is_lived_in(own_database):
    demo("--contracts", "60", "--milestones", "7")
    for one in Contract.objects.all():
        assert one.revisions.get(number=one.plan_version).plan == one.plan()
        order = list(one.milestones.values_list("status", flat=True))
        assert order == sorted(order, key=["paid", "active", "submitted", "changes_requested", "future"].index)
    assert set(Contract.objects.values_list("status", flat=True)) == {"active", "ended"}


def test_what_comes_after_the_large_set_gets_ids_of_its_own(own_database):
    demo("--contracts", "10", "--milestones", "1")
    before = Event.objects.count()
    with pytest.raises(CommandError, match="there already"):
        demo("--contracts", "10")
    agreed(2)
    assert Event.objects.count() == before + 1
