"""What a party's invoices say of it: for those who decide about its money."""

import pytest

from marketplace import operations
from marketplace.models import MemberRole, Membership, Party, TaxDetails, User

SAID = {"legal_name": "Harbour Books & Sons", "address": "1 Quay\nTown", "country": "Norway", "tax_number": "NO 1"}


@pytest.fixture
def books(clara) -> Party:
    return Party.objects.get()


def path(party: Party) -> str:
    return f"/parties/{party.pk}/tax/"


def test_tax_details_are_saved_and_shown_again(signed_in, books, parsed):
    assert signed_in.post(path(books), SAID)["Location"] == "/settings/"
    assert TaxDetails.objects.filter(party=books, **SAID).exists()
    page = parsed(signed_in.get(path(books)))
    assert "Harbour Books &amp; Sons" in page
    assert "Tax details" in parsed(signed_in.get("/settings/"))


def test_all_of_them_may_be_empty_and_are_made_plain(signed_in, books):
    signed_in.post(path(books), {"legal_name": " A\u0000\u202eB ", "address": "1\r\n2"})
    details = TaxDetails.objects.get()
    assert (details.legal_name, details.address, details.country) == ("AB", "1\n2", "")


@pytest.mark.parametrize(
    "wrong", [{"legal_name": "x" * 121}, {"address": "x" * 501}, {"country": "x" * 61}, {"tax_number": "\u2800"}]
)
def test_what_is_too_long_or_invisible_is_422_and_keeps_the_rest(signed_in, books, parsed, wrong):
    answer = signed_in.post(path(books), SAID | wrong)
    assert answer.status_code == 422
    assert "1 Quay" in parsed(answer) or "address" in wrong
    assert not TaxDetails.objects.exists()


def test_a_viewer_may_not_and_others_do_not_find_it(signed_in, books):
    Membership.objects.update(role=MemberRole.VIEWER)
    for answer in (signed_in.get(path(books)), signed_in.post(path(books), SAID)):
        assert answer.status_code == 403
    assert "Tax details" not in signed_in.get("/settings/").content.decode()
    Membership.objects.all().delete()
    assert signed_in.get(path(books)).status_code == 404
    assert not TaxDetails.objects.exists()


def test_a_role_that_was_taken_away_meanwhile_is_noticed(books, clara):
    Membership.objects.update(role=MemberRole.VIEWER)
    with pytest.raises(operations.NotTheirs):
        operations.change_tax_details(by=clara, party=books, **SAID)


def test_somebody_suspended_changes_nothing(books, clara):
    User.objects.update(is_active=False)
    with pytest.raises(operations.NotTheirs):
        operations.change_tax_details(by=clara, party=books, **SAID)
