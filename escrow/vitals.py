"""How the money is: the figures that marketplace/vitals.py shows of it."""

from escrow import ledger
from marketplace.vitals import answer, register

register("money_stopped", "1 while no money moves, as the books do not hold.", ledger.is_stopped, most=0)
register(
    "invariants_broken", "Invariants that did not hold when the books were checked last.",
    answer("SELECT coalesce((SELECT jsonb_array_length(broken) FROM escrow_checkrun ORDER BY id DESC LIMIT 1), 0)"),
    most=0,
)  # fmt: skip
register(
    "books_checked_seconds", "Since the books were checked last.",
    answer("SELECT coalesce(extract(epoch FROM cairn_now() - max(at)), 0) FROM escrow_checkrun"), most=3 * 3600,
)  # fmt: skip
register(
    "payments_open_seconds", "Since the oldest payment was begun that waits for the gateway, and for no payer.",
    answer(
        "SELECT coalesce(extract(epoch FROM cairn_now() - min(created_at)), 0) FROM escrow_payment"
        " WHERE status IN ('created', 'asked') AND NOT awaits_payer"
    ),
    most=15 * 60,
)  # fmt: skip
