"""The addresses of the demo's outbox. Mounted in demo mode only."""

from django.urls import path

from notifications.views import outbox

app_name = "outbox"
urlpatterns = [
    path("", outbox.outbox, name="all"),
    path("<slug:key>/", outbox.message, name="message"),
    path("<slug:key>/html/", outbox.message_html, name="html"),
]
