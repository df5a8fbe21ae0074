"""The administration in a real browser: nothing that the policy forbids, nothing that a screen reader stumbles on.

Also signing in to it with the code that the demo tells, on a phone.
"""

import re

from playwright.sync_api import expect

from contracts.models import Contract

PAGES = ["contracts/contract/?q=website", "notifications/delivery/", "escrow/transfer/", "marketplace/user/1/change/",
         "auth/group/1/change/"]  # fmt: skip


def test_pages_of_staff_hold_the_policy_and_read_well(sign_in, axe):
    contract = Contract.objects.get(title="Website relaunch")
    page = sign_in("staff@cairn.test", "/admin/")
    own = [f"contracts/contract/{contract.pk}/change/", f"notifications/post/of/{contract.pk}/"]
    for path in ["", *own, *PAGES]:
        assert page.goto(f"/admin/{path}").url.endswith(path)
        expect(page.locator("#content")).to_be_visible()
        axe(page)


def test_staff_sign_in_on_a_phone_with_the_code_that_the_demo_tells_and_check_the_books(visit, axe):
    page = visit("/admin/", viewport={"width": 375, "height": 812})
    page.get_by_label("Email").fill("staff@cairn.test")
    page.get_by_label("Password").fill("cairn-demo")
    page.keyboard.press("Enter")
    told = page.get_by_text("This is the demo").inner_text()
    page.get_by_label("Code").fill(re.search(r"\d{6}", told)[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    page.goto("/admin/escrow/checkrun/")
    page.get_by_role("button", name="Check the books now").click()
    expect(page.get_by_text("invariants hold")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    axe(page)
