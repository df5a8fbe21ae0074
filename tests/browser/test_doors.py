"""Coming in for the first time, and again after forgetting: the mail is read where the demo keeps it, in the outbox."""

import re

from playwright.sync_api import Page, expect

from marketplace.models import Party
from tests.browser.doors import sign_in_by_hand

NARROW = {"width": 375, "height": 740}
PASSWORD = "a long walk uphill"


def follow_mail(page: Page, subject: str) -> None:
    """Open the newest mail with this subject and go where it leads."""
    page.goto("/outbox/")
    page.get_by_role("link", name=subject).first.click()
    link = page.get_by_role("main").get_by_role("link", name=re.compile("^http"))
    expect(link).to_have_attribute("href", re.compile(r"^http://127\.0\.0\.1:"))
    link.click()


def test_signing_up_leads_through_a_mail_to_my_jobs(visit, axe):
    page = visit("/accounts/signup/", viewport=NARROW)
    page.get_by_role("radio", name="As an agency").check()
    page.get_by_label("Name", exact=True).fill("Nora Field")
    page.get_by_label("Company or agency name").fill("Field and Furrow")
    page.get_by_label("Email").fill("nora@cairn.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign Up").click()
    expect(page).to_have_url(re.compile("/accounts/confirm-email/$"))
    axe(page)
    follow_mail(page, "Confirm your email")
    axe(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile("/accounts/login/$"))
    expect(page.get_by_role("status")).to_contain_text("nora@cairn.test is confirmed.")
    sign_in_by_hand(page, "nora@cairn.test", PASSWORD)
    expect(page.get_by_role("heading", name="My Jobs")).to_be_visible()
    assert Party.objects.get(memberships__user__email="nora@cairn.test").kind == "agency"


def test_a_forgotten_password_is_replaced_through_a_mail(visit, axe):
    page = visit("/accounts/login/", viewport=NARROW)
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill("client@cairn.test")
    page.get_by_role("button", name="Send the link").click()
    axe(page)
    follow_mail(page, "Choose a new password")
    page.get_by_label("New Password", exact=True).fill(PASSWORD)
    page.get_by_label("New Password (again)").fill(PASSWORD)
    axe(page)
    page.get_by_role("button", name="Save the password").click()
    expect(page).not_to_have_url(re.compile("set-password"))
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    sign_in_by_hand(page, "client@cairn.test", PASSWORD)
    expect(page.get_by_role("heading", name="My Jobs")).to_be_visible()
