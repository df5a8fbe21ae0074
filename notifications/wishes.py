"""How somebody wants to be told of what can be put off: reading that, and writing it. Knows no event and no page."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketplace.models import User
from notifications.models import How, Preference, Topic

DIGEST_AT = time(8)  # on the reader's own clock


class Wish(NamedTuple):
    """By email how, and whether by the bell."""

    email: How = How.AT_ONCE
    bell: bool = True


ALWAYS = Wish()


def wishes_of(user_ids: Iterable[int], topic: Topic | None) -> Mapping[int, Wish]:
    """The wishes of those who have any; what has no topic is always told at once (B11), and asks nothing."""
    if topic is None:
        return {}
    rows = Preference.objects.filter(user__in=user_ids, topic=topic).values_list("user_id", "email", "bell")
    return {user_id: Wish(How(email), bell) for user_id, email, bell in rows}


def wishes(user: User) -> dict[Topic, Wish]:
    """What `user` wants of every topic."""
    rows = {each.topic: Wish(How(each.email), each.bell) for each in user.preferences.all()}
    return {topic: rows.get(topic, ALWAYS) for topic in Topic}


def wish(*, by: User, topic: Topic, email: How, bell: bool) -> None:
    """A person says how they want to be told of a topic."""
    Preference.objects.update_or_create(user=by, topic=topic, defaults={"email": email, "bell": bell})


def silence(*, by: User, topic: Topic) -> None:
    """A person wants no more email of a topic; the bell stays as it is."""
    Preference.objects.update_or_create(user=by, topic=topic, defaults={"email": How.OFF})


def next_digest(now: datetime, time_zone: str) -> datetime:
    """The next time that it is eight in the morning there."""
    zone = zone_named(time_zone)
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= DIGEST_AT)
    return datetime.combine(day, DIGEST_AT, zone)


def zone_named(name: str) -> ZoneInfo:
    """UTC for a zone that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
