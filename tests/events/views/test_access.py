"""A conference comes only through a permission."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from accounts.enums import Role
from accounts.permissions import Permission
from events.models import Conference
from events.views.access import get_conference
from tests.factories.accounts import AccountFactory


@pytest.fixture
def conference(organisation):
    at = dt.datetime(2027, 3, 28, 8, tzinfo=dt.UTC)
    return Conference.objects.create(
        organisation=organisation,
        slug="forum",
        kind="conference",
        title={"en": "Forum"},
        start_local=dt.datetime(2027, 3, 28, 10),
        end_local=dt.datetime(2027, 3, 28, 13),
        time_zone="Europe/Belgrade",
        starts_at=at,
        ends_at=at + dt.timedelta(hours=3),
        languages=["en"],
    )


def request_of(account):
    request = RequestFactory().get("/manage/institute/forum/")
    request.user = account
    return request


def test_a_member_gets_the_conference_with_its_organisation_in_two_queries(
    owner, conference, django_assert_num_queries
):
    request = request_of(owner)
    with django_assert_num_queries(2):
        found = get_conference(request, "institute", "forum", Permission.CONFERENCE_WRITE)
        assert found.organisation.name == "Institute for Testing"
    assert found == conference
    assert request.lectern_conference is found


@pytest.mark.parametrize(("organisation_slug", "slug"), [("institute", "no"), ("no", "forum")])
def test_what_does_not_exist_is_not_found(owner, conference, organisation_slug, slug):
    with pytest.raises(Http404):
        get_conference(request_of(owner), organisation_slug, slug, Permission.CONFERENCE_READ)


def test_a_stranger_sees_nothing(conference, other_organisation):
    with pytest.raises(Http404):
        get_conference(
            request_of(AccountFactory()), "institute", "forum", Permission.CONFERENCE_READ
        )


def test_a_member_without_the_permission_is_refused(account_with_role, conference):
    with pytest.raises(PermissionDenied):
        get_conference(
            request_of(account_with_role(Role.DOOR)),
            "institute",
            "forum",
            Permission.CONFERENCE_WRITE,
        )
