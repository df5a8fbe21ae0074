"""What is kept of payments. The ledger itself names parties by their ids and nobody by name. Data only."""

from django.db.models.functions import Coalesce

from marketplace.clock import Now
from marketplace.privacy.kept import Table, Why, alone, of_money

PAYERS = "who decides about the party's money, finance staff"

MONEY = (
    Table(
        "escrow.PaymentMethod", Why.PAYING, PAYERS,
        {
            "brand": "of a card or a bank", "last4": "four digits of it", "token": "what the provider calls it",
            "gateway": "which provider",
        },
        whose=of_money("party"), facts="party__name kind added_at removed_at", kept_back="token", erased=alone("party"),
        becomes={
            "brand": "removed", "last4": "0000", "is_default": False, "removed_at": Coalesce("removed_at", Now()),
        },
        because="the provider is told to forget it, again and again until it does; then its token goes too. The row "
        "stays for its payments",
    ),
    Table(
        "escrow.Payment", Why.MONEY, PAYERS,
        {
            "purpose": "what it is for", "gateway": "which provider", "reference": "what the provider calls it",
            "confirm_url": "where the payer confirms", "failure": "what the provider said went wrong",
        },
        whose=of_money("party"), kept_back="confirm_url", erased=alone("party"), becomes={"confirm_url": ""},
        facts="party__name direction amount status method__brand method__last4 created_at settled_at",
    ),
    Table(
        "escrow.Account", Why.MONEY, PAYERS, {}, whose=of_money("party"), facts="party__name kind balance",
    ),
)  # fmt: skip
