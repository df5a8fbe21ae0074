"""The addresses of My Jobs and the contract room."""

from django.urls import path

app_name = "contracts"
urlpatterns: list = []
