"""What is in the demo: who, which contracts, and what their money did. It is loaded once, and only looked at here."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from conftest import SUITE, WORKER, clone, drop, point_at
from contracts.models import ChangeRequest, Contract, EarningKind, Event, EventKind, Milestone
from contracts.plan import ChangeSet
from contracts.states import ContractStatus, MilestoneStatus
from escrow import ledger
from escrow.models import Direction, Kind, Payment
from marketplace import clock
from marketplace.models import Party, User
from tests.books import books_hold
from tests.screens import parties_hold, screens_hold
from tests.screens_staff import seen_by_staff

NAMES = ("client", "freelancer", "agency", "member", "viewer", "outsider", "staff", "support", "finance", "finance2")
PEOPLE = {f"{name}@cairn.test" for name in NAMES}
WITH_FREELANCER = {"Website relaunch", "Mobile app", "Winter poster", "Floor plan leaflet", "Opening film"}
WITH_AGENCY = {"Archive digitisation", "Logo refresh", "Brand guidelines", "Audio stories", "Door signs"}
NAME = f"{SUITE}_story_{WORKER}"


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """What loading it said. The models of this module speak to its database."""
    before, sandbox, out = connections["default"].settings_dict["NAME"], settings.SANDBOX_DIR, StringIO()
    with django_db_blocker.unblock():
        clone(NAME)
        point_at(NAME)
        settings.SANDBOX_DIR = tmp_path_factory.mktemp("story")
        try:
            call_command("demo", stdout=out)
            yield out.getvalue()
        finally:
            settings.SANDBOX_DIR = sandbox
            connections.close_all()
            point_at(before)
            drop(NAME)


def contract(title: str) -> Contract:
    return Contract.objects.with_money().get(title=title)


def statuses(title: str) -> Counter:
    return Counter(contract(title).milestones.values_list("status", flat=True))


def seen_by(email: str) -> set[str]:
    user = User.objects.get(email=email)
    return set(Contract.objects.visible_to(user).values_list("title", flat=True))


def party(email: str) -> Party:
    return Party.objects.get(memberships__user__email=email)


def test_everybody_can_sign_in_with_the_one_password():
    assert set(User.objects.values_list("email", flat=True)) == PEOPLE
    assert all(user.check_password("cairn-demo") for user in User.objects.all())
    verified = EmailAddress.objects.filter(verified=True, primary=True)
    assert set(verified.values_list("email", flat=True)) == PEOPLE


def test_staff_oversees_and_acts_for_nobody():
    staff = User.objects.get(email="staff@cairn.test")
    assert staff.is_staff
    assert staff.is_superuser
    assert not staff.memberships.exists()
    assert User.objects.filter(is_staff=True, is_superuser=False, groups__isnull=False).count() == 3


def test_staff_sign_in_with_the_code_that_the_demo_tells():
    told = StringIO()
    call_command("demo_code", stdout=told)
    for authenticator in Authenticator.objects.filter(user__is_staff=True):
        assert authenticator.wrap().validate_code(told.getvalue().strip())
    assert not User.objects.filter(is_staff=True).exclude(authenticator__type=Authenticator.Type.TOTP).exists()


def test_the_contracts_are_as_promised():
    assert statuses("Website relaunch") == {"paid": 3, "submitted": 1, "future": 8}
    assert statuses("Archive digitisation") == {"active": 1, "future": 199}
    assert statuses("Mobile app") == {"changes_requested": 1, "future": 4}
    assert statuses("Logo refresh") == {"paid": 1, "funding": 1}
    assert statuses("Brand guidelines") == {"paid": 2, "refunded": 1, "cancelled": 1}
    assert statuses("Audio stories") == {"paid": 2, "future": 1}
    assert statuses("Winter poster") == {"future": 2}
    assert contract("Brand guidelines").status == ContractStatus.ENDED
    assert contract("Audio stories").status == ContractStatus.SETTLING
    assert contract("Winter poster").status == ContractStatus.OFFERED
    assert contract("Door signs").status == ContractStatus.PROPOSED
    assert contract("Floor plan leaflet").status == ContractStatus.DECLINED
    assert statuses("Opening film") == {"changes_requested": 1, "future": 1}
    assert Contract.objects.count() == 10


def test_milestones_of_every_state_are_in_it():
    assert set(Milestone.objects.values_list("status", flat=True)) == set(MilestoneStatus.values)


def test_the_latest_activity_is_on_the_website():
    assert Contract.objects.latest("updated_at").title == "Website relaunch"


def test_each_sees_what_is_theirs():
    assert seen_by("client@cairn.test") == seen_by("viewer@cairn.test") == WITH_FREELANCER | WITH_AGENCY
    assert seen_by("freelancer@cairn.test") == WITH_FREELANCER
    assert seen_by("agency@cairn.test") == WITH_AGENCY
    assert seen_by("member@cairn.test") == {"Archive digitisation"}
    assert seen_by("outsider@cairn.test") == seen_by("staff@cairn.test") == set()
    assert Party.objects.filter(memberships__user__email="outsider@cairn.test", kind="client").count() == 1


def test_x1_the_website_has_a_history_to_compare():
    revisions = list(contract("Website relaunch").revisions.all())
    counts = [ChangeSet(one.plan, two.plan).counts for one, two in pairwise(revisions)]
    assert [tuple(count) for count in counts] == [(1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0)]
    assert revisions[-1].plan == contract("Website relaunch").plan()
    assert {revision.by.email for revision in revisions} == {"client@cairn.test"}


def test_b09_one_change_request_waits_for_the_client_and_one_was_accepted_in_part():
    pending, partly = (ChangeRequest.objects.get(status=status) for status in ("pending", "partly"))
    assert (pending.contract.title, partly.contract.title) == ("Mobile app", "Brand guidelines")
    assert tuple(pending.changes.counts) == (1, 1, 1, 1)
    assert not pending.from_client
    assert "Visiting cards" in {line.title for line in partly.plan} - {
        line.title for line in contract("Brand guidelines").plan()
    }


def test_the_last_revision_of_every_contract_is_its_plan():
    for one in Contract.objects.all():
        assert one.revisions.get(number=one.plan_version).plan == one.plan()


def test_i11_every_cent_of_it_is_accounted_for():
    books_hold()


def test_b22_a_milestone_was_released_in_part_and_what_was_left_over_paid_for_the_next():
    website = contract("Website relaunch")
    assert website.plan().total == Decimal("17350.50")
    assert website.milestones.get(position=2).paid == Decimal("760.00")
    third = website.fundings.get(milestone=website.milestones.get(position=3))
    assert (third.leftover, third.charge) == (Decimal("40.00"), Decimal("1160.00"))
    assert (website.paid, website.held) == (Decimal("2410.00"), Decimal("2400.00"))
    assert website.bonuses == Decimal("100.00")


def test_b24_one_contract_ended_with_a_refund_and_another_waits_for_an_answer():
    guidelines, audio = contract("Brand guidelines"), contract("Audio stories")
    assert guidelines.refund_requests.get().returned == Decimal("1100.00")
    assert guidelines.bonuses == Decimal("150.00")
    assert guidelines.feedback.count() == 2
    assert guidelines.revealed_at
    assert audio.refund_requests.get().amount == audio.held == Decimal("600.00")


def test_b44_one_contract_is_in_dispute_and_each_side_has_offered_a_split():
    (dispute,) = contract("Opening film").disputes.all()
    assert (dispute.is_open, dispute.at_stake(contract("Opening film").held)) == (True, Decimal("1800.00"))
    assert sorted(dispute.splits.values_list("from_client", "status")) == [(False, "open"), (True, "open")]


def test_b23_what_was_earned_long_ago_was_withdrawn_or_can_be_and_the_rest_is_pending():
    fenn, studio = party("freelancer@cairn.test"), party("agency@cairn.test")
    assert ledger.balance(Kind.AVAILABLE, fenn.pk) == Decimal("759.00")  # 0.9 of 450 + 760 + 1200 + 100, less 1500
    assert ledger.balance(Kind.PENDING, fenn.pk) == 0
    assert ledger.balance(Kind.PENDING, studio.pk) == Decimal("810.00")
    payout = Payment.objects.get(direction=Direction.PAYOUT)
    assert (payout.amount, payout.status) == (Decimal("1500.00"), "confirmed")
    assert {earning.kind for one in Contract.objects.all() for earning in one.earnings.all()} >= {
        EarningKind.RELEASE,
        EarningKind.BONUS,
    }


def test_it_was_lived_in_the_order_of_time_and_its_clock_is_right_now():
    assert clock.behind() == timedelta(0)
    assert timezone.now() - clock.now() < timedelta(minutes=1)
    moments = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert timedelta(days=150) < moments[-1] - moments[0] < timedelta(days=160)
    assert not Event.objects.filter(kind=EventKind.FUNDING_FAILED).exists()


def test_it_says_what_it_loads_and_loads_it_once(said):
    assert said.startswith("People: 10 who can sign in.\n")
    assert "Contract: Website relaunch, with a plan of 12.\n" in said
    with pytest.raises(CommandError, match="only loaded into an empty one"):
        call_command("demo")
    again = StringIO()
    call_command("demo", "--if-empty", stdout=again)
    assert again.getvalue() == "There are users already: no demo is loaded.\n"
    assert User.objects.count() == 10


@pytest.mark.django_db
def test_i15_every_page_of_every_party_shows_what_the_ledger_says():
    seen = sum(map(screens_hold, Contract.objects.select_related("client", "talent")))
    assert seen + parties_hold(list(Party.objects.all())) > 500
    books_hold()


@pytest.mark.django_db
def test_i15_staff_see_of_every_contract_what_the_ledger_says():
    assert seen_by_staff(list(Contract.objects.all())) > 800
