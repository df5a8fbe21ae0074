"""The site's addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from marketplace import health, views
from marketplace.email_change import agree
from marketplace.privacy.pages import closing, own_data
from marketplace.session_pages import sessions_page
from marketplace.teams.urls import urlpatterns as teams

people = [
    path("", views.landing, name="landing"),
    path("settings/", views.settings, name="settings"),
    path("settings/data/", own_data, name="own_data"),
    path("settings/closing/", closing, name="closing"),
    path("said/", views.said, name="said"),
    path("parties/new/", views.new_party, name="new_party"),
    path("parties/<uuid:party_id>/switch/", views.switch_party, name="switch_party"),
    path("parties/<uuid:party_id>/tax/", views.tax_details, name="tax_details"),
    *teams,
]

handler500 = "marketplace.busy.broke"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("accounts/sessions/", sessions_page, name="sessions"),
    path("accounts/email/agreement/<str:token>/", agree, name="agree_to_email_change"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include((people, "marketplace"))),
    path("", include("contracts.urls")),
    path("", include("escrow.urls")),
    path("", include("notifications.urls")),
    path("live/", include("notifications.live.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("outbox/", include("notifications.outbox_urls")))
