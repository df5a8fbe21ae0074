"""The page on which somebody chooses how they are told: what can be put off, and what cannot."""

import pytest

from contracts.tests.pages import parsed, words
from contracts.tests.test_jobs import signed_in
from notifications.models import How, Preference, Topic
from notifications.wishes import Wish, wishes
from tests.factories import outsider

pytestmark = pytest.mark.django_db
HERE = "/notifications/settings/"
ALL = {f"{topic}-{what}": value for topic in Topic for what, value in (("email", "at_once"), ("bell", "on"))}


def test_what_is_always_told_is_shown_with_the_reason():
    page = signed_in(outsider()).get(HERE)
    for said in ("every change of a plan", "money: funded", "cannot be switched off"):
        assert said in words(parsed(page))


def test_a_choice_is_kept_and_shown_again():
    user = outsider()
    client = signed_in(user)
    typed = {**ALL, "messages-email": "daily", "feedback-email": "off"}
    del typed["reminders-bell"]
    assert client.post(HERE, typed).status_code == 302
    assert wishes(user) == {
        Topic.MESSAGES: Wish(How.DAILY, bell=True), Topic.REMINDERS: Wish(How.AT_ONCE, bell=False),
        Topic.FEEDBACK: Wish(How.OFF, bell=True),
    }  # fmt: skip
    assert '<option value="daily" selected>' in client.get(HERE).content.decode()


@pytest.mark.parametrize(
    "typed", [{}, {**ALL, "messages-email": "never"}, {**ALL, "plans-email": "off", "messages-email": ""}]
)
def test_what_is_no_choice_is_refused_and_nothing_is_kept(typed):
    user = outsider()
    assert signed_in(user).post(HERE, typed).status_code == 422
    assert not Preference.objects.filter(user=user).exists()


def test_a_topic_that_is_always_told_cannot_be_smuggled_in():
    user = outsider()
    signed_in(user).post(HERE, {**ALL, "plans-email": "off", "money-bell": ""})
    assert set(user.preferences.values_list("topic", flat=True)) == set(Topic)


def test_settings_lead_to_it():
    assert HERE in signed_in(outsider()).get("/settings/").content.decode()
