"""What each group of staff does: every cell, against literal expectations (domain.md, roles; record 12)."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from marketplace.permissions import GROUPS, STAFF, StaffAction, staff_may
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DOES = {
    "support": set(),
    "finance": {"DECIDE_MONEY", "CARE_FOR_ACCOUNTS", "CHECK_BOOKS", "SEND_AGAIN"},
    "superuser": {"CARE_FOR_ACCOUNTS", "CHECK_BOOKS", "SEND_AGAIN"},
    "": set(),
}


@pytest.mark.parametrize("who", DOES)
def test_each_group_does_what_the_table_says_and_nothing_else(who):
    user = UserFactory.create(is_staff=True, is_superuser=who == "superuser")
    if who in GROUPS:
        user.groups.add(Group.objects.get(name=who))
    assert {action.name for action in StaffAction if staff_may(user, action)} == DOES[who]


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_who_is_suspended_or_no_longer_staff_does_nothing(lost):
    user = UserFactory.create(is_superuser=True, **{"is_staff": True, lost: False})
    user.groups.set(Group.objects.filter(name__in=GROUPS))
    assert not any(staff_may(user, action) for action in StaffAction)
    assert not any(staff_may(AnonymousUser(), action) for action in StaffAction)


def test_every_action_has_its_row():
    assert STAFF.keys() == set(StaffAction)
