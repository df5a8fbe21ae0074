"""The time zones that a person can choose, by the names of the IANA database. Knows no user and no form."""

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

UTC = "UTC"
# Regions of the world; what lies outside them are aliases kept for old systems.
REGIONS = frozenset(
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"]
)


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone that can be chosen: UTC first, then by region and city."""
    return (UTC, *sorted(name for name in available_timezones() if region(name) in REGIONS))


@cache
def zone_choices() -> list:
    """The zones as a form's choices, one group for each region of the world."""
    groups = groupby(zone_names()[1:], key=region)
    return [(UTC, UTC), *((name, [(zone, city(zone)) for zone in zones]) for name, zones in groups)]


def is_zone(name: str) -> bool:
    return name in zone_names()


def region(zone: str) -> str:
    return zone.partition("/")[0]


def city(zone: str) -> str:
    """`America/Argentina/Buenos_Aires` as `Buenos Aires, Argentina`."""
    return ", ".join(reversed(zone.replace("_", " ").split("/")[1:]))
