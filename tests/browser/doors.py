"""How a person comes in: the sign-in form, filled in by hand."""

from playwright.sync_api import Page


def sign_in_by_hand(page: Page, email: str, password: str = "cairn-demo") -> None:  # noqa: S107, the demo's
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign In").click()
