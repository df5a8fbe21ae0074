"""Manage Milestones as a person at the screen uses it: by the names of its controls. Knows no values and no server."""

from dataclasses import dataclass

from playwright.sync_api import FloatRect, Locator, Page, expect

from contracts.models import Contract


def room(title: str, rest: str = "") -> str:
    """The address of the contract with this title in the demo, or of a page below it."""
    return f"/contracts/{Contract.objects.get(title=title).pk}/{rest}"


@dataclass
class Editor:
    """The window over a contract's Overview, or the page of its own."""

    page: Page

    @classmethod
    def over(cls, page: Page) -> "Editor":
        """Open the window from the Overview."""
        page.get_by_role("button", name="Manage Milestones").click()
        editor = cls(page)
        expect(editor.window).to_be_visible()
        return editor

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog", name="Manage Milestones")

    @property
    def form(self) -> Locator:
        return self.page.locator("#editor")

    @property
    def titles(self) -> Locator:
        """The titles of the future milestones, in the order of the rows."""
        return self.page.locator("#rows > li > .plan-title")

    @property
    def pinned(self) -> Locator:
        return self.page.locator(".plan-pinned > li > .plan-title")

    @property
    def body(self) -> Locator:
        """The part of the window that scrolls."""
        return self.page.locator("#editor > .window-body")

    @property
    def said(self) -> Locator:
        """What a screen reader hears."""
        return self.page.locator("#editor-live")

    @property
    def total(self) -> Locator:
        return self.page.locator("#plan-sum")

    def row(self, title: str) -> Locator:
        return self.page.locator("#rows > li").filter(
            has=self.page.locator(".plan-title").get_by_text(title, exact=True)
        )

    def button(self, name: str) -> Locator:
        return self.form.get_by_role("button", name=name, exact=True)

    def open_row(self, title: str) -> Locator:
        """Press the pencil; the row, with its fields."""
        self.button(f"Edit {title}").click()
        row = self.row(title)
        expect(row.get_by_label("Title", exact=True)).to_be_focused()
        return self.page.locator(f"#row-{row.locator('[name=key]').input_value()}")

    def edit(self, row_title: str, /, **values: str) -> Locator:
        """Type into the fields of this row, opened if need be; values by the fields' labels, in lower case."""
        row = self.row(row_title)
        if not row.get_by_label("Title").count():
            row = self.open_row(row_title)
        else:
            row = self.page.locator(f"#row-{row.locator('[name=key]').input_value()}")
        for label, value in values.items():
            row.get_by_label(label.replace("_", " ").capitalize(), exact=True).fill(value)
        return row

    def add(self, title: str, **values: str) -> Locator:
        before = self.titles.count()
        self.button("Add a milestone").click()
        expect(self.titles).to_have_count(before + 1)
        return self.edit("New milestone", title=title, **values)

    def delete(self, title: str) -> None:
        self.button(f"Delete {title}").click()

    def drag(self, title: str, to: str) -> None:
        """Take the row by its handle to where another is: above it on the way up, below it on the way down."""
        handle, target = self.button(f"Move {title}"), self.row(to)
        handle.scroll_into_view_if_needed()
        start, end = box(handle), box(target)
        assert end["y"] > 0, f"{to} is above the screen: scroll before dragging."
        up = end["y"] < start["y"]
        x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x, y + (-8 if up else 8), steps=4)
        mouse.move(x, end["y"] + (4 if up else end["height"] - 4), steps=25)
        mouse.up()

    def show_changes(self) -> list[tuple[str, str]]:
        """Switch the diff on; the kinds and the title of each of its rows."""
        self.form.get_by_role("switch", name="Show Changes").click()
        expect(self.page.locator("#changes")).to_be_visible()
        rows = self.page.locator("#changes .diff-row").all()
        return [
            (" ".join(row.locator(".diff-kind").all_inner_texts()), row.locator(".diff-title").inner_text())
            for row in rows
        ]

    def hide_changes(self) -> None:
        self.form.get_by_role("switch", name="Show Changes").click()
        expect(self.page.locator("#rows")).to_be_visible()

    def save(self) -> None:
        self.button("Save").click()

    def save_and_close(self) -> None:
        self.save()
        expect(self.window).to_have_count(0)


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found, f"{locator} is not on the screen"
    return found


def stroke(page: Page, x: float, start: float, end: float) -> None:
    """A finger comes down at `start`, goes to `end` and leaves."""
    screen = page.context.new_cdp_session(page)

    def send(kind: str, *heights: float) -> None:
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for y in heights]})

    send("touchStart", start)
    for step in range(1, 21):
        send("touchMove", start + (end - start) * step / 20)
        page.wait_for_timeout(15)
    send("touchEnd")


def overview(page: Page) -> Locator:
    """The titles of all milestones as the Overview shows them, those folded away as well."""
    return page.locator("#overview .step-title")
