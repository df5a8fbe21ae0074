"""Escrow's addresses: only those that payment gateways call."""

from django.urls import path

from escrow import views

app_name = "escrow"
urlpatterns = [path("payments/webhooks/<slug:name>/", views.webhook, name="webhook")]
