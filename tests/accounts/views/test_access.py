"""Objects come only through a permission: strangers see nothing, members what their role allows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from accounts.enums import Role
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.actors import Actor
from tests.factories.accounts import AccountFactory


def request_of(account=None):
    request = RequestFactory().get("/manage/institute/")
    request.user = account or AnonymousUser()
    return request


def test_a_member_gets_the_organisation_in_one_query(
    owner, organisation, django_assert_num_queries
):
    request = request_of(owner)
    with django_assert_num_queries(1):
        assert get_organisation(request, "institute", Permission.TEAM_WRITE) == organisation
    assert may(request, Permission.TEAM_WRITE)


@pytest.mark.parametrize("slug", ["institute", "nothing-here"])
def test_a_stranger_and_a_wrong_slug_get_the_same_404(organisation, slug):
    with pytest.raises(Http404):
        get_organisation(request_of(AccountFactory()), slug, Permission.CONFERENCE_READ)


def test_nobody_signed_in_gets_404(organisation):
    request = request_of()
    with pytest.raises(Http404):
        get_organisation(request, "institute", Permission.CONFERENCE_READ)
    assert not may(request, Permission.CONFERENCE_READ)


def test_a_member_without_the_permission_is_refused(account_with_role, organisation):
    request = request_of(account_with_role(Role.VIEWER))
    with pytest.raises(PermissionDenied):
        get_organisation(request, "institute", Permission.TEAM_READ)
    assert not may(request, Permission.TEAM_READ)


def test_the_actor_is_the_account_or_nobody(owner):
    assert actor_of(request_of(owner)) == Actor("account", str(owner.pk), "-")
    assert actor_of(request_of()) == Actor("anonymous", "", "-")
    assert actor_of(RequestFactory().get("/")) == Actor("anonymous", "", "-")


def test_the_console_asks_strangers_to_sign_in_whether_the_page_exists_or_not(client_as):
    for path in ["/manage/", "/manage/institute/team/?page=2", "/manage/no/such/page/"]:
        response = client_as().get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=/manage/")
    posted = client_as().post("/manage/institute/team/")
    assert (posted.status_code, posted["Location"]) == (302, "/accounts/login/?next=/manage/")


def test_a_fragment_asked_for_after_the_session_ended_loads_the_page_anew(client_as):
    response = client_as().get("/manage/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Refresh"]) == (204, "true")
