"""What is kept of what staff did and read: for good, so that they answer for it. Data only."""

from django.db.models import Q

from marketplace.privacy.kept import Person, Table, Why, by, of_room

STAFF_ONLY = "staff"


def about(person: Person) -> Q:
    """What staff changed of somebody, or of a party that nobody else acts for."""
    parties = [str(key) for key in person.alone]
    site = Q(content_type__app_label="marketplace")
    return site & (
        Q(content_type__model="user", object_id=str(person.user.pk))
        | Q(content_type__model="party", object_id__in=parties)
    )


STAFF = (
    Table(
        "contracts.StaffAct", Why.ANSWERABLE, "staff; the two sides read what came of it",
        {
            "effect": "what it moved, with the names of parties on that day",
            "reason": "why; it may name somebody else, so staff hand it out by hand", "refusal": "why it was not done",
        },
        whose=by("user"), facts="kind requested_at done_at", kept_back="effect reason refusal",
        because="an act about money is kept as it was done",
    ),
    Table(
        "contracts.Disclosure", Why.ANSWERABLE, STAFF_ONLY, {"posts": "which messages staff read, by their ids"},
        whose=of_room("contract"), facts="contract__title what at",
    ),
    Table(
        "admin.LogEntry", Why.ANSWERABLE, STAFF_ONLY,
        {
            "object_id": "whose row staff changed", "object_repr": "what it was called then",
            "change_message": "which columns, and never what stood in them",
        },
        whose=about, kept_back="object_id object_repr change_message", facts="action_time", becomes={"object_repr": ""},
    ),
)  # fmt: skip
