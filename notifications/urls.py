"""The addresses of what was told to whom."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("<slug:key>/", views.message, name="message"),
]
