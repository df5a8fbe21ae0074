"""The pages of people: signing in, their settings, what they are told; and the doors that anybody may knock at."""

from tests.matrix.row import Look, Send, cells, row

EVERYBODY = cells("200 everybody")
PUBLIC = cells("200 everybody anonymous fragment suspended")
AWAY = cells("302 everybody · 200 anonymous fragment suspended")  # who is signed in is led on
LED = cells("302 everybody")
LED_ALL = cells("302 everybody anonymous fragment suspended")
ASKED = cells("302 support finance uncoded superuser · 403 rest")
GONE = cells("404 everybody anonymous fragment suspended")
ALLAUTHS = {"public": True, "reads_puts": True}

row("marketplace:landing", Look(AWAY), public=True)
row("marketplace:settings", Look(EVERYBODY), Send(cells("302 everybody"), "", typed={
    "name": "Clara B", "time_zone": "Europe/Lisbon",
}))  # fmt: skip
# Who has a code shows it first; of the others nobody has a password to show. Some have something to finish yet.
row("marketplace:own_data", Look(EVERYBODY), Send(cells("302 uncoded · 200 rest"), ""))
row("marketplace:closing", Look(EVERYBODY), Send(cells("409 owner freelancer lead staff · 302 rest"), ""))
row("marketplace:said", Look(EVERYBODY))
row("marketplace:new_party", Look(EVERYBODY), Send(cells("302 everybody"), "", typed={
    "kind": "agency", "name": "Bridges",
}))  # fmt: skip
row(
    "marketplace:invitation",
    Look(PUBLIC),
    Send(cells("302 outsider · 403 rest · 200 anonymous fragment suspended"), "", typed={"answer": "decline"}),
    public=True,
)
row("sessions", Look(EVERYBODY), Send(cells("302 everybody"), ""))
row("healthz", Look(PUBLIC), public=True)
row("readyz", Look(PUBLIC), public=True)
row("metrics", Look(GONE), public=True)
row("agree_to_email_change", Look(GONE), Send(GONE, ""), public=True)

# What people are told

row("notifications:bell", Look(EVERYBODY))
row("notifications:ringing", Look(EVERYBODY))
row("notifications:reading", None, Send(cells("302 everybody"), "", typed={"upto": "1"}))
row("notifications:notice", Look(cells("302 client member · 404 rest")))  # the agency's manager did it
row("notifications:preferences", Look(EVERYBODY), Send(cells("422 everybody"), ""))
row("notifications:unsubscribe", Look(PUBLIC), Send(PUBLIC, ""), public=True)
row("live:news", Look(cells("204 viewer · 403 rest anonymous fragment suspended"), has_head=False), public=True)
row("escrow:webhook", None, Send(cells("400 everybody anonymous fragment suspended"), ""), public=True)

# The library's own

for name in ("account_login", "account_signup"):
    row(name, Look(AWAY), Send(AWAY, ""), **ALLAUTHS)
row("account_reset_password", Look(PUBLIC), Send(PUBLIC, ""), **ALLAUTHS)
row(
    "account_logout",
    Look(cells("200 everybody · 302 anonymous fragment suspended")),
    Send(cells("302 everybody anonymous fragment suspended"), ""),
    **ALLAUTHS,
)
# None of these people has a password: they are led to set one, and staff to their codes.
row("account_reauthenticate", Look(ASKED), Send(ASKED, ""), **ALLAUTHS)
row("account_change_password", Look(LED), Send(LED, ""), **ALLAUTHS)
row("account_email", Look(EVERYBODY), Send(LED, ""), **ALLAUTHS)
for name in ("account_inactive", "account_email_verification_sent", "account_reset_password_done",
             "account_reset_password_from_key_done"):  # fmt: skip
    row(name, Look(PUBLIC), **ALLAUTHS)
row("account_set_password", Look(EVERYBODY), Send(EVERYBODY, ""), **ALLAUTHS)
row("account_confirm_login_code", Look(LED_ALL), Send(LED_ALL, ""), **ALLAUTHS)
row("account_confirm_email", Look(PUBLIC), Send(GONE, ""), **ALLAUTHS)
row("account_reset_password_from_key", Look(PUBLIC), Send(PUBLIC, ""), **ALLAUTHS)

# The second step: staff have one, of whom one did not take it; nobody has recovery codes

row("mfa_index", Look(EVERYBODY), **ALLAUTHS)
row("mfa_authenticate", Look(LED_ALL), Send(LED_ALL, ""), **ALLAUTHS)  # only in the middle of signing in
WITH_CODES = cells("200 staff uncoded · 403 rest")
row("mfa_reauthenticate", Look(WITH_CODES), Send(WITH_CODES, ""), **ALLAUTHS)
WITHOUT = cells("302 staff uncoded · 200 rest")
row("mfa_activate_totp", Look(WITHOUT), Send(WITHOUT, ""), **ALLAUTHS)
row(
    "mfa_deactivate_totp",
    Look(cells("200 staff · 302 uncoded · 404 rest")),
    Send(cells("302 staff uncoded · 404 rest"), ""),
    **ALLAUTHS,
)
row("mfa_generate_recovery_codes", Look(cells("302 uncoded · 200 rest")), Send(WITHOUT, ""), **ALLAUTHS)
for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
    row(name, Look(cells("404 everybody")), **ALLAUTHS)
