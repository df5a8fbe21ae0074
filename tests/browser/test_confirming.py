"""Money out, by hand: the page asks for the password again, goes on, and at sign-out the browser forgets."""

from playwright.sync_api import expect

from tests.browser.doors import sign_in_by_hand


def test_asvs_7_5_3_a_withdrawal_asks_for_the_password_and_goes_on(visit, axe):
    page = visit("/accounts/login/")
    sign_in_by_hand(page, "freelancer@cairn.test")
    page.goto(page.url.split("/jobs")[0] + "/balance/")
    page.get_by_role("link", name="Withdraw", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Type your password again")
    axe(page)
    page.get_by_label("Password").fill("cairn-demo")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdraw")
    page.get_by_label("Amount").fill("5.00")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("main")).to_contain_text("$5.00 was sent to")


def test_the_browser_forgets_drafts_at_sign_out(sign_in):
    page = sign_in("viewer@cairn.test")
    page.evaluate("localStorage.setItem('draft', 'unsaved')")
    page.goto(page.url.split("/jobs")[0] + "/accounts/logout/")
    assert page.evaluate("localStorage.getItem('draft')") == "unsaved"
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    expect(page).to_have_url(page.url.split("/accounts")[0].rstrip("/") + "/")
    assert page.evaluate("localStorage.getItem('draft')") is None
