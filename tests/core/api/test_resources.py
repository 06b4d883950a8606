"""What all resources of the API do around their own verbs."""

from __future__ import annotations

import pytest

from tests.factories.events import VenueFactory


@pytest.mark.parametrize(
    ("header", "status"),
    [("*", 200), ('"v7", "v3"', 200), ('"v2"', 412), ('"v7", "v2"', 412), ("*, *", 412)],
)
def test_a_change_may_name_any_version_or_several(api, organisation, header, status):
    VenueFactory(organisation=organisation, code="VENUE2", version=3)
    path = f"/api/v1/organisations/{organisation.slug}/venues/VENUE2/"
    assert api.patch(path, {"city": "Niš"}, header).status_code == status


def test_an_address_without_its_slash_keeps_method_and_body(api, organisation):
    path = f"/api/v1/organisations/{organisation.slug}/people"
    answer = api.post(path, {"given_name": "Ana"})
    assert (answer.status_code, answer["Location"]) == (308, f"{path}/")
    assert api.get(path).status_code == 301
