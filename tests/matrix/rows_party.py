"""The pages of a party: its jobs, its money, its team. Data: who of which party, and what the others get.

The outsider owns another client. Who was removed, the staff and superusers act for no party.
"""

from tests.matrix.row import Look, Send, cells, row

MONEY_OF_TALENT = "403 member idle"

row("contracts:jobs", Look(cells("200 everybody")))
row("contracts:balance", Look(cells(f"{MONEY_OF_TALENT} · 200 rest")))
row("contracts:payments", Look(cells("200 everybody")))
row("contracts:statement", Look(cells(f"{MONEY_OF_TALENT} · 200 rest")))
for name in ("statement_csv", "statement_pdf"):
    row(f"contracts:{name}", Look(cells(f"200 client viewer outsider talent · {MONEY_OF_TALENT} · 404 rest")))
row(
    "contracts:withdrawal",
    Look(cells(f"200 talent · {MONEY_OF_TALENT} · 404 rest")),
    Send(cells(f"422 talent · {MONEY_OF_TALENT} · 404 rest"), ""),
)
row(
    "contracts:methods",
    Look(cells("403 viewer member idle · 200 rest")),
    Send(cells("422 client talent outsider · 403 viewer member idle · 404 rest"), ""),
)
for name in ("method_default", "method_removal"):  # of the client's card
    row(f"contracts:{name}", None, Send(cells("302 client · 403 viewer member idle · 404 rest"), ""))
row(
    "contracts:new_offer",
    Look(cells("200 client outsider · 403 rest")),
    Send(cells("422 client outsider · 403 rest"), ""),
)
row("contracts:offer_row", Look(cells("200 everybody")))
row(
    "contracts:new_proposal",
    Look(cells("200 talent · 403 rest")),
    Send(cells("200 talent · 403 rest"), ""),
)
row("notifications:inbox", Look(cells("200 everybody")))

# The client's team: its owners decide about it

OF_CLIENT = "200 client viewer · 404 rest"
row("marketplace:team", Look(cells(OF_CLIENT)))
row("marketplace:invite", None, Send(cells("302 owner · 403 manager viewer · 404 rest"), "", typed={
    "email": "somebody@cairn.test", "role": "viewer",
}))  # fmt: skip
for name in ("invite_again", "revoke_invitation"):
    row(f"marketplace:{name}", None, Send(cells("302 owner · 403 manager viewer · 404 rest"), ""))
row(
    "marketplace:team_member",
    Look(cells("200 owner · 403 manager viewer · 404 rest")),
    Send(cells("302 owner · 403 manager viewer · 404 rest"), "", typed={"role": "manager", "was": "viewer"}),
)
row(
    "marketplace:team_removal",
    Look(cells("200 owner · 403 manager viewer · 404 rest")),
    Send(cells("302 owner · 403 manager viewer · 404 rest"), ""),
)
row(
    "marketplace:leave_team",
    Look(cells(OF_CLIENT)),
    Send(cells("409 owner · 302 manager viewer · 404 rest"), ""),  # nobody else would decide about it
)
row(
    "marketplace:tax_details",
    Look(cells("200 client · 403 viewer · 404 rest")),
    Send(cells("302 client · 403 viewer · 404 rest"), "", typed={
        "legal_name": "Harbour Ltd", "address": "Quay 1", "country": "Portugal", "tax_number": "PT 1",
    }),
)  # fmt: skip
row("marketplace:switch_party", None, Send(cells("302 client viewer · 404 rest"), ""))
