"""The first page of the console: which organisation."""

from __future__ import annotations

from tests.factories.accounts import AccountFactory, MembershipFactory


def test_who_belongs_to_one_organisation_goes_there(owner, client_as):
    answer = client_as(owner).get("/manage/")
    assert (answer.status_code, answer["Location"]) == (302, "/manage/institute/")


def test_who_belongs_to_several_chooses(owner, other_organisation, client_as):
    MembershipFactory(account=owner, organisation=other_organisation, role="viewer")
    page = client_as(owner).get("/manage/").content.decode()
    assert '<a href="/manage/institute/">Institute for Testing</a>' in page
    assert '<a href="/manage/another-house/">Another House</a>' in page


def test_who_belongs_to_none_reads_what_to_do(client_as):
    page = client_as(AccountFactory()).get("/manage/").content.decode()
    assert "Your account belongs to no organisation yet." in page


def test_nobody_signed_in_goes_to_sign_in(client_as):
    assert client_as().get("/manage/")["Location"] == "/accounts/login/?next=/manage/"
