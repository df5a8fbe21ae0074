"""How telling is: the figures that marketplace/vitals.py shows of it."""

from marketplace.vitals import answer, register

register(
    "events_untold_seconds", "Since the oldest event that nobody was told of yet.",
    answer(
        "SELECT coalesce(extract(epoch FROM cairn_now() - (SELECT at FROM contracts_event WHERE told_at IS NULL"
        " ORDER BY id LIMIT 1)), 0)"
    ),
    most=3 * 60,
)  # fmt: skip
register(
    "deliveries_due", "Emails that could be sent now.",
    answer("SELECT count(*) FROM notifications_delivery WHERE due_at <= cairn_now()"),
)  # fmt: skip
register(
    "deliveries_late_seconds", "Since the oldest email that could be sent became due.",
    answer(
        "SELECT greatest(0, coalesce(extract(epoch FROM cairn_now() - min(due_at)), 0)) FROM notifications_delivery"
        " WHERE due_at IS NOT NULL"
    ),
    most=15 * 60,
)  # fmt: skip
register(
    "deliveries_dead", "Emails that were given up; staff can send them again.",
    answer("SELECT count(*) FROM notifications_delivery WHERE status = 'dead'"), most=0,
)  # fmt: skip
