"""Files are served only by a view that asks, and never run in our name."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps

from accounts import private_files
from accounts.enums import Role
from core.actors import SYSTEM
from core.enums import Visibility
from core.models import StoredFile
from core.services.files import store_file
from events.models import DonorPack, ProgrammeImport
from registrations.models import GuestImport
from tests.factories.accounts import AccountFactory


@pytest.fixture
def file(organisation):
    """Return a function: a stored PDF of the organisation with this visibility."""

    def make(visibility, name="slides.pdf"):
        return store_file(
            organisation_id=organisation.pk,
            content=b"%PDF-1.7 text",
            name=name,
            actor=SYSTEM,
            visibility=visibility,
        )

    return make


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
def test_everybody_gets_what_is_not_private(client_as, file, visibility):
    row = file(visibility)
    response = client_as().get(f"/files/{row.uid}/slides.pdf")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7 text"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="slides.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in response.get("Vary", "")


def test_who_has_it_already_gets_nothing_again(client_as, file):
    row = file(Visibility.PUBLIC)
    first = client_as().get(f"/files/{row.uid}/")
    b"".join(first.streaming_content)
    again = client_as().get(f"/files/{row.uid}/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("role", Role)
def test_private_files_are_for_members_who_may_see_what_keeps_them(
    client_as, file, organisation, account_with_role, role
):
    row = file(Visibility.PRIVATE)
    organisation.logo = row
    organisation.save()
    response = client_as(account_with_role(role)).get(f"/files/{row.uid}/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    b"".join(response.streaming_content)


@pytest.mark.parametrize("role", Role)
def test_a_private_file_that_nothing_keeps_is_for_nobody(client_as, file, account_with_role, role):
    row = file(Visibility.PRIVATE)
    assert client_as(account_with_role(role)).get(f"/files/{row.uid}/").status_code == 404


def test_each_row_that_keeps_files_says_who_opens_them():
    """What is imported is opened by nobody: its uid is for the import alone. A donor pack has an
    address of its own.
    """
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is StoredFile
    }
    own = {(GuestImport, "file"), (ProgrammeImport, "file"), (DonorPack, "file")}
    assert found - own == set(private_files._KEEPERS)


def test_strangers_see_no_difference_to_a_file_that_is_not_there(client_as, file, db):
    row = file(Visibility.PRIVATE)
    for client in [client_as(), client_as(AccountFactory())]:
        private = client.get(f"/files/{row.uid}/")
        missing = client.get(f"/files/{uuid.uuid4()}/")
        assert private.status_code == missing.status_code == 404
        assert private.content == missing.content


def test_a_file_whose_bytes_are_gone_is_not_there(client_as, file):
    row = file(Visibility.PUBLIC)
    row.file.storage.delete(row.file.name)
    assert client_as().get(f"/files/{row.uid}/").status_code == 404


def test_a_name_in_any_script_fits_into_the_header(client_as, file):
    row = file(Visibility.PUBLIC, name="слика „1”.pdf")
    response = client_as().get(f"/files/{row.uid}/")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D1")
    b"".join(response.streaming_content)
