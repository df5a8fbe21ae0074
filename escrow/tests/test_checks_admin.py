"""The page of checks: what came of each, and a button that checks now, for those who decide."""

import pytest
from django.contrib import admin

from escrow.models import CheckRun
from escrow.tests.posting import deal
from tests.staff import at_work, staff

pytestmark = pytest.mark.django_db
LIST, NOW = "/admin/escrow/checkrun/", "/admin/escrow/checkrun/now/"


def test_finance_checks_the_books_with_a_button_and_sees_each_invariant():
    deal().fund()
    browser = at_work(staff("finance"))
    assert f'action="{NOW}"' in browser.get(LIST).text
    page = browser.post(NOW, follow=True)
    run = CheckRun.objects.latest("pk")
    assert page.redirect_chain[-1][0] == f"{LIST}{run.pk}/change/"
    assert f"All {run.asked} invariants hold" in page.text
    assert page.text.count("Holds") >= run.asked


def test_what_is_broken_is_shown_with_the_rows_that_break_it():
    row = {"name": "I2", "says": "Stored is summed.", "stops": True, "rows": [{"account": "<7>"}], "failed": ""}
    slow = {"name": "I9", "says": "In is out.", "stops": True, "rows": [], "failed": "canceling statement"}
    run = CheckRun(asked=2, seconds="0.10", broken=[row, slow], stops=True, pk=1)
    found = admin.site._registry[CheckRun].found(run)
    assert "Broken: money stops" in found
    assert "account <bdi>&lt;7&gt;</bdi>" in found
    assert "Could not be asked: canceling statement" in " ".join(found.split())


def test_who_may_only_look_starts_no_check_and_nobody_by_a_link():
    before = CheckRun.objects.count()
    looking, deciding = at_work(staff("support")), at_work(staff("finance"))
    assert NOW not in looking.get(LIST).text
    assert looking.post(NOW).status_code == 403
    assert deciding.get(NOW).status_code == 405
    assert CheckRun.objects.count() == before
