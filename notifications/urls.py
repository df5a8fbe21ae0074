"""The addresses of what is told to whom: messages, the bell, how somebody wants to be told."""

from django.urls import URLPattern

app_name = "notifications"
urlpatterns: list[URLPattern] = []
