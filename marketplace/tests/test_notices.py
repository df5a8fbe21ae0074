"""Changes to how somebody signs in are told to them, in Cairn's own words."""

import pytest

from marketplace.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_changed_password_is_told_with_a_way_back(signed_in, clara, postbox):
    new = "moss-upon-granite"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert signed_in.post("/accounts/password/change/", form).status_code == 302
    (mail,) = postbox.mails
    assert mail["To"] == clara.email
    assert mail["Subject"] == "Your password was changed"
    assert "The password of your Cairn account was changed." in mail.get_content()
    assert postbox.link() == "/accounts/password/reset/"
