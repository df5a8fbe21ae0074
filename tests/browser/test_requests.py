"""Change requests in a real browser: the talent sends one, the client takes it apart, and both read the same."""

import pytest
from playwright.sync_api import Page, expect

from contracts.models import ChangeRequest, Contract
from tests.browser.conftest import SignIn
from tests.browser.editor import Editor, overview, room
from tests.browser.test_editor import AHEAD, BEGUN, is_focused, tab_to

CLIENT, TALENT = "client@cairn.test", "freelancer@cairn.test"
SITE, APP = "Website relaunch", "Mobile app"
ASKED = [
    ("Moved", "Photo gallery"),
    ("Edited", "Home page and templates"),
    ("Edited", "Collections search"),
    ("Added", "Press day"),
    ("Edited", "Accessibility review"),
    ("Removed", "Staff training"),
]
NARROW = {"width": 375, "height": 812}


def rows(page: Page, part: str = "#choose > .diff") -> list[tuple[str, str]]:
    """The kinds and the title of each row of a diff."""
    return [
        (" ".join(row.locator(".diff-kind").all_inner_texts()), row.locator(".diff-title").inner_text())
        for row in page.locator(f"{part} .diff-row").all()
    ]


def work(editor: Editor) -> None:
    """Three rows edited, one added, one deleted, one moved."""
    editor.edit("Home page and templates", amount="3,400")
    editor.edit("Collections search", description="With filters for period and place.")
    editor.edit("Accessibility review", due_date="2031-02-03")
    editor.add("Press day", amount="250")
    editor.delete("Staff training")
    for title, times in (("Photo gallery", 4), ("Press day", 5)):
        for _step in range(times):
            editor.button(f"Move {title} up").click()


@pytest.fixture
def talent(sign_in: SignIn) -> Page:
    return sign_in(TALENT, room(SITE))


@pytest.fixture
def sent(talent) -> Page:
    """The talent's page after it sent its request."""
    editor = Editor.over(talent)
    work(editor)
    talent.get_by_label("Note to Lanternfish Museum").fill("As we said on the phone.")
    assert sorted(editor.show_changes()) == sorted(ASKED)
    editor.button("Send request").click()
    expect(editor.window).to_have_count(0)
    return talent


def plan(title: str = SITE) -> list[str]:
    return [line.title for line in Contract.objects.get(title=title).plan()]


def test_x04_the_client_accepts_all_but_one_and_the_talent_sees_exactly_this(sent, sign_in, axe):
    expect(sent.get_by_role("status").filter(has_text="Request sent.")).to_be_visible()
    expect(sent.locator("#pending")).to_contain_text("A change request waits for the other side")
    expect(sent.get_by_role("button", name="Manage Milestones")).to_have_attribute("aria-disabled", "true")
    assert plan() == BEGUN + AHEAD
    axe(sent)

    client = sign_in(CLIENT, room(SITE))
    client.get_by_role("link", name="Review changes").first.click()
    expect(client.get_by_text("As we said on the phone.")).to_be_visible()
    assert sorted(rows(client)) == sorted(ASKED)
    expect(client.get_by_role("button", name="Accept all 6 changes")).to_be_visible()
    axe(client)
    client.get_by_role("button", name="Untick all").click()
    expect(client.locator("#outcome")).to_contain_text("Nothing is ticked.")
    client.get_by_role("button", name="Tick all", exact=True).click()
    expect(client.get_by_role("button", name="Accept all 6 changes")).to_be_visible()
    client.get_by_role("checkbox", name="Accept this change: Staff training").uncheck()
    expect(client.locator("#outcome-said")).to_have_text("5 of 6 changes ticked. The total would be $17,800.50.")
    expect(client.locator("#outcome")).to_contain_text("This adds $450.00 to what you will fund.")
    assert is_focused(client.get_by_role("checkbox", name="Accept this change: Staff training"))
    axe(client)
    client.get_by_role("button", name="Accept 5 of 6 changes").click()

    expect(client.get_by_role("status").filter(has_text="accepted in part")).to_be_visible()
    wished = [*BEGUN, "Photo gallery", "Home page and templates", "Collections search", "Press day",
              "Opening hours and visits", "Accessibility review", "Content migration", "Staff training",
              "Launch week"]  # fmt: skip
    assert sorted(plan()) == sorted(wished)
    expect(overview(client)).to_have_text(plan())
    sent.goto(room(SITE, "activity/"))
    sent.get_by_role("link", name="Look at the request").first.click()
    accepted, left_out = (f"section[aria-labelledby={part}]" for part in ("accepted", "left-out"))
    assert sorted(rows(sent, accepted)) == sorted(set(ASKED) - {("Removed", "Staff training")})
    assert rows(sent, left_out) == [("Removed", "Staff training")]
    axe(sent)


def test_b09_a_request_is_sent_revised_and_withdrawn_by_keyboard_alone(talent):
    editor = Editor(talent)
    tab_to(talent, talent.get_by_role("button", name="Manage Milestones"))
    talent.keyboard.press("Enter")
    expect(editor.titles).to_have_text(AHEAD)
    tab_to(talent, editor.button("Delete Staff training"))
    talent.keyboard.press("Enter")
    tab_to(talent, talent.get_by_label("Note to Lanternfish Museum"))
    talent.keyboard.type("Later.")
    tab_to(talent, editor.button("Send request"))
    talent.keyboard.press("Enter")
    expect(editor.window).to_have_count(0)
    expect(talent.locator("#pending")).to_contain_text("asks to remove “Staff training”")

    tab_to(talent, talent.get_by_role("link", name="Review changes"), "Shift+Tab")
    talent.keyboard.press("Enter")
    tab_to(talent, talent.get_by_role("link", name="Revise"))
    talent.keyboard.press("Enter")
    expect(talent.get_by_label("Note to Lanternfish Museum")).to_have_value("Later.")
    tab_to(talent, editor.button("Delete Launch week"))
    talent.keyboard.press("Space")
    tab_to(talent, editor.button("Send request"))
    talent.keyboard.press("Enter")
    expect(talent.locator("#pending")).to_contain_text("asks to remove 2 milestones")

    tab_to(talent, talent.get_by_role("link", name="Review changes"))
    talent.keyboard.press("Enter")
    tab_to(talent, talent.get_by_role("button", name="Withdraw the request"))
    talent.keyboard.press("Enter")
    expect(talent.get_by_role("status").filter(has_text="withdrawn")).to_be_visible()
    expect(talent.locator("#pending")).to_have_text("")
    assert plan() == BEGUN + AHEAD


def test_x03_a_half_edited_draft_is_offered_again_after_the_answer(sign_in, watch):
    """The client's editor is open while the request arrives: nothing of it is lost."""
    watch.allowed.add(409)
    client = sign_in(CLIENT, room(SITE))
    editor = Editor.over(client)
    editor.edit("Launch week", title="Launch month")
    talent = sign_in(TALENT, room(SITE))
    other = Editor.over(talent)
    other.delete("Photo gallery")
    other.button("Send request").click()
    expect(other.window).to_have_count(0)

    editor.save()
    expect(editor.form.get_by_role("alert")).to_contain_text("A change request waits for an answer")
    expect(editor.row("Launch month")).to_be_visible()
    editor.form.get_by_role("alert").get_by_role("link", name="Look at the change request").click()
    client.get_by_role("button", name="Accept the change").click()
    expect(client.get_by_role("status").filter(has_text="accepted")).to_be_visible()
    editor = Editor.over(client)
    editor.form.get_by_role("button", name="Restore my edits").click()
    expect(editor.row("Launch month")).to_be_visible()
    editor.save_and_close()
    assert plan() == [title for title in [*BEGUN, *AHEAD[:-1], "Launch month"] if title != "Photo gallery"]


def test_b09_at_the_width_of_a_phone_the_request_is_read_and_declined(sign_in, axe):
    client = sign_in(CLIENT, room(APP, "request/"), viewport=NARROW, has_touch=True)
    expect(client.get_by_role("heading", name="Change request")).to_be_visible()
    assert client.locator("#main").evaluate("main => main.scrollWidth <= innerWidth")
    axe(client)
    client.get_by_label("Reason").fill("Let us talk first.")
    client.get_by_role("button", name="Decline the request").click()
    expect(client.get_by_role("status").filter(has_text="declined")).to_be_visible()
    assert ChangeRequest.objects.get(contract__title=APP).answer == "Let us talk first."


def test_x04_without_a_script_a_part_is_looked_at_and_accepted(sign_in):
    client = sign_in(CLIENT, room(APP, "request/"), java_script_enabled=False)
    client.get_by_role("checkbox", name="Accept this change: Two more languages").uncheck()
    client.get_by_role("button", name="Show what would change").click()
    expect(client.locator("#outcome")).to_contain_text("If you accept 3 of 4 changes")
    client.get_by_role("button", name="Accept 3 of 4 changes").click()
    expect(client.locator("#status")).to_contain_text("accepted in part")
    assert "Two more languages" in plan(APP)
    assert "A day with visitors" in plan(APP)


@pytest.mark.parametrize("email", [CLIENT, TALENT])
def test_every_page_of_a_request_is_clean(sign_in, axe, email, watch):
    watch.allowed.add(409)
    page = sign_in(email, room(APP))
    for rest in ("", "milestones/new/", "activity/", "request/"):
        page.goto(room(APP, rest))
        axe(page)
    page.get_by_role("link", name="Edit and send back" if email == CLIENT else "Revise").click()
    expect(page.locator("#rows")).to_be_visible()
    axe(page)
