"""The watch over the pages is awake: each kind of trouble is put before it once."""

import pytest
from playwright.sync_api import Page

INLINE_SCRIPT = "document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))"
INLINE_STYLE = "document.body.insertAdjacentHTML('beforeend', '<p style=\\'color: red\\'>red</p>')"
TROUBLES = {
    "an inline script": (INLINE_SCRIPT, "Content Security Policy"),
    "an inline style": (INLINE_STYLE, "Content Security Policy"),
    "a script from elsewhere": (
        "document.head.append(Object.assign(document.createElement('script'), {src: 'http://elsewhere.invalid/a.js'}))",
        "Content Security Policy",
    ),
    "a word on the console": ("console.error('oh no')", "console: oh no"),
    "an error": ("setTimeout(() => { throw new Error('oh no') })", "oh no"),
    "a page that is missing": ("fetch('/nowhere/')", "404 from GET"),
}


@pytest.fixture
def page(visit) -> Page:
    return visit("/")


@pytest.mark.parametrize(("script", "told"), TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_is_noticed(page, watch, script, told):
    page.evaluate(f"() => {{ {script} }}")
    for _try in range(300):
        if told in "\n".join(watch.troubles):
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError(watch.troubles)
    watch.troubles.clear()


def test_a_way_out_is_noticed(page, watch, browser):
    context = browser.new_context()
    watch.over(context)
    stranger = context.new_page()
    stranger.route("**", lambda route: route.fulfill(body="elsewhere"))
    stranger.goto("http://elsewhere.invalid/")
    context.close()
    assert "request to http://elsewhere.invalid/" in watch.troubles
    watch.troubles.clear()


def test_axe_objects_to_what_is_wrong(page, axe):
    axe(page)
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        axe(page)
