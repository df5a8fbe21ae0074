"""Acting for a party, founding another, and the settings."""

import pytest
from django.utils import timezone

from marketplace import operations
from marketplace.middleware import PARTY_KEY
from marketplace.models import Membership, Party
from tests.factories import MembershipFactory, PartyFactory


@pytest.fixture
def studio(clara) -> Party:
    return operations.found_party(by=clara, kind="agency", name="Northlight")


def acting_for(client) -> str:
    """The party that the settings page says one acts for."""
    return client.get("/settings/").wsgi_request.party.name


def test_the_oldest_party_is_acted_for_first(signed_in, studio):
    assert acting_for(signed_in) == "Harbour Books"


def test_switching_acts_for_another_of_ones_parties(signed_in, studio):
    assert signed_in.post(f"/parties/{studio.pk}/switch/")["Location"] == "/jobs/"
    assert acting_for(signed_in) == "Northlight"


def test_switching_to_a_party_of_others_is_404(signed_in):
    foreign = MembershipFactory().party
    assert signed_in.post(f"/parties/{foreign.pk}/switch/").status_code == 404
    assert acting_for(signed_in) == "Harbour Books"


def test_switching_is_a_post(signed_in, studio):
    assert signed_in.get(f"/parties/{studio.pk}/switch/").status_code == 405


def test_a_membership_that_ended_is_acted_for_no_longer(signed_in, studio):
    signed_in.post(f"/parties/{studio.pk}/switch/")
    Membership.objects.filter(party=studio).delete()
    assert acting_for(signed_in) == "Harbour Books"


def test_founding_a_party_makes_one_its_decider_and_acts_for_it(signed_in, clara):
    signed_in.post("/parties/new/", {"kind": "agency", "name": "Northlight"})
    made = Membership.objects.get(user=clara, party__name="Northlight")
    assert (made.role, made.party.kind) == ("manager", "agency")
    assert signed_in.session[PARTY_KEY] == str(made.party_id)


def test_parties_are_not_founded_in_a_flood(signed_in, clara, settings):
    settings.LIMITS = settings.LIMITS | {"parties": [(2, 3600)]}
    form = {"kind": "client", "name": "Harbour Maps"}
    assert [signed_in.post("/parties/new/", form).status_code for _each in range(3)] == [302, 302, 429]
    refused = signed_in.post("/parties/new/", form)
    assert "Harbour Maps" in refused.content.decode()
    assert 0 < int(refused["Retry-After"]) <= 1800
    assert clara.memberships.count() == 3


@pytest.mark.parametrize("form", [{"kind": "agency", "name": " \u200b"}, {"kind": "bank", "name": "B"}, {}])
def test_founding_a_party_is_refused_with_422_and_the_form(signed_in, parsed, form):
    answer = signed_in.post("/parties/new/", form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in parsed(answer)
    assert Party.objects.count() == 1


def test_no_party_of_an_unknown_kind_is_founded(clara):
    with pytest.raises(operations.UnknownKind, match="client, a freelancer or an agency"):
        operations.found_party(by=clara, kind="bank", name="B")


def test_a_user_without_a_party_still_sees_the_pages(client, clara, parsed):
    Membership.objects.all().delete()
    client.force_login(clara)
    assert "No party yet" in parsed(client.get("/settings/"))


@pytest.mark.parametrize("count", [1, 20])
def test_the_header_costs_one_query_however_many_parties(signed_in, clara, django_assert_num_queries, count):
    for _ in range(count - 1):
        MembershipFactory(user=clara, party=PartyFactory())
    with django_assert_num_queries(4):  # session, user, parties of the header, memberships of the page
        signed_in.get("/settings/")


def test_settings_change_name_and_time_zone(signed_in, clara):
    signed_in.post("/settings/", {"name": "Clara Hofmann", "time_zone": "Europe/Vienna"})
    clara.refresh_from_db()
    assert (clara.name, clara.time_zone) == ("Clara Hofmann", "Europe/Vienna")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "localtime", "posixrules", "europe/vienna"])
def test_settings_refuse_what_is_not_a_time_zone(signed_in, clara, parsed, zone):
    answer = signed_in.post("/settings/", {"name": "Clara", "time_zone": zone})
    assert answer.status_code == 422
    parsed(answer)
    clara.refresh_from_db()
    assert clara.time_zone == "UTC"
    with pytest.raises(operations.UnknownTimeZone):
        operations.change_settings(by=clara, name="Clara", time_zone=zone)


def test_pages_are_rendered_in_the_users_time_zone(rf, clara):
    from marketplace.middleware import ActiveParty

    seen = []
    request = rf.get("/")
    request.user, request.session = clara, {}
    clara.time_zone = "Asia/Tokyo"
    ActiveParty(lambda _: seen.append(timezone.get_current_timezone_name()))(request)
    assert seen == ["Asia/Tokyo"]
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_time_zone_that_this_machine_lost_does_not_break_the_pages(signed_in, clara):
    clara.time_zone = "Lost/Zone"
    clara.save()
    assert signed_in.get("/settings/").status_code == 200
