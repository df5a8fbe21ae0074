"""The groups of staff: support and finance may look at everything, and neither changes a row by itself."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["support", "finance"])
def test_staff_may_look_at_every_model_and_change_none(name):
    granted = set(Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename"))
    ours = ("marketplace", "contracts", "escrow", "notifications")
    models = [model for app in ours for model in apps.get_app_config(app).get_models()]
    assert {(model._meta.app_label, f"view_{model._meta.model_name}") for model in models} <= granted
    assert {codename.partition("_")[0] for _app, codename in granted} == {"view"}
