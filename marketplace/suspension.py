"""Keeping somebody out, and letting them in again. Knows no contract; who decides about it is asked elsewhere."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.models import Erasure, User
from marketplace.operations import PeopleError
from marketplace.sessions import end_all


class SuspendedBefore(PeopleError):
    message = _("This user is suspended already.")


class NotSuspended(PeopleError):
    message = _("This user is not suspended.")


class AccountClosed(PeopleError):
    message = _("This account was closed, and nobody can say any more whose it was. They sign up again.")


@transaction.atomic
def suspend(user: User) -> User:
    """Somebody is kept out from now on: their sessions are over, and whatever they are about to do is refused.

    Operations read roles once they hold their lock, and those of a suspended user are none.
    """
    user = _held(user)
    if not user.is_active:
        raise SuspendedBefore
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_all(user)
    return user


@transaction.atomic
def reinstate(user: User) -> User:
    """Somebody may sign in again, as what they were; sessions from before stay over."""
    user = _held(user)
    if user.is_active:
        raise NotSuspended
    if Erasure.objects.filter(person=user).exists():
        raise AccountClosed
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


def _held(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
