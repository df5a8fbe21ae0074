"""The pages of staff beside the lists of the administration: a second step first, then what the group may."""

from tests.matrix.row import Look, Send, cells, row

# Who is no staff finds nothing, or is led to the sign-in; a superuser who typed no code is led to type one.
SEEN = cells("200 staff · 302 uncoded · 404 rest")
ADMIN = cells("200 staff · 302 uncoded rest")

for name in ("mails", "mail", "mail_html"):
    row(f"notifications:{name}", Look(SEEN))
for name in ("evidence", "evidence_pdf", "evidence_file"):
    row(f"notifications:{name}", Look(SEEN, "disputed"))

row("admin:index", Look(ADMIN))
row("admin:app_list", Look(ADMIN))
row("admin:login", Look(cells("302 staff uncoded anonymous fragment suspended · 403 rest")), reads_puts=True)
row("admin:logout", None, Send(cells("302 everybody"), ""))
row("admin:password_change", Look(ADMIN), Send(ADMIN, ""))
row("admin:password_change_done", Look(ADMIN))
row("admin:jsi18n", Look(ADMIN))
row("admin:autocomplete", Look(cells("403 staff · 302 uncoded rest")))
row("admin:view_on_site", Look(cells("404 staff · 302 uncoded rest")))
row("admin:escrow_checkrun_now", Look(cells("405 finance superuser · 403 support · 302 rest"), has_head=False),
    Send(cells("302 finance superuser rest · 403 support"), ""))  # fmt: skip
row("admin:notifications_post_read", Look(ADMIN))

# Acts of staff (record 12): finance decides about money, a superuser about accounts, support about nothing
row(
    "admin:contracts_staffact_new",  # of freezing a contract
    Look(cells("200 finance · 403 support superuser · 302 rest")),
    Send(cells("422 finance · 403 support superuser · 302 rest"), ""),
)
row(
    "admin:contracts_staffact_approve",
    Look(cells("200 finance · 403 support superuser · 302 rest")),
    Send(cells("409 finance · 403 support superuser · 302 rest"), ""),  # it is over
)
row(
    "admin:contracts_staffact_refuse",
    Look(cells("200 finance · 403 support superuser · 302 rest")),
    Send(cells("422 finance · 403 support superuser · 302 rest"), ""),
)
