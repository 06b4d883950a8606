"""API tokens: shown once, kept as a prefix and an HMAC, never more than their maker."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.permissions import Permission
from accounts.services.tokens import create_api_token, find_api_token, revoke_api_token
from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry

READ = ["conference:read", "programme:read"]


def make(organisation, name="Feed", scopes=READ, **fields):
    return create_api_token(
        organisation=organisation, name=name, scopes=scopes, actor=Actor("account", "7"), **fields
    )


def test_a_token_opens_until_it_is_revoked(organisation):
    row, text = make(organisation)
    assert text.startswith(f"lec_{row.prefix}_")
    assert len(text) == len("lec_12345678_") + 43  # 256 bits
    assert find_api_token(text) == row
    revoke_api_token(token=row, actor=SYSTEM)
    assert find_api_token(text) is None
    revoke_api_token(token=row, actor=SYSTEM)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "create_api_token", "revoke_api_token",
    ]  # fmt: skip


def test_the_token_itself_is_kept_nowhere(organisation):
    _row, text = make(organisation)
    secret = text.split("_", 2)[2]
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            kept += cursor.fetchall()
    assert secret not in repr(kept)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[:-1],
        lambda t: t + "x",
        lambda t: t.replace("lec_", "xyz_"),
        lambda t: t.upper(),
        lambda _: "",
        lambda _: "lec__",
        lambda _: "lec_" + "x" * 5000,
        lambda t: "lec_00000000_" + t.split("_", 2)[2],
        lambda _: "é" * 20,
    ],
)
def test_nothing_else_opens(organisation, change):
    _row, text = make(organisation)
    assert find_api_token(change(text)) is None


def test_a_token_ends_by_itself(organisation, frozen):
    clock = frozen("2026-11-22T10:00")
    row, text = make(organisation, expires_at=timezone.now() + dt.timedelta(days=1))
    assert find_api_token(text) == row
    assert row.is_live
    clock.shift(dt.timedelta(days=1))
    assert find_api_token(text) is None
    assert not row.is_live


def test_when_it_was_last_used_is_written_every_few_minutes(
    organisation, frozen, django_assert_num_queries
):
    clock = frozen("2026-11-22T10:00")
    row, text = make(organisation)
    find_api_token(text)
    with django_assert_num_queries(1):
        find_api_token(text)
    clock.shift(301)
    find_api_token(text)
    row.refresh_from_db()
    assert row.last_used_at == timezone.now()


def test_tokens_outlive_a_new_key_as_long_as_the_old_one_is_named(organisation, settings):
    row, text = make(organisation)
    settings.LINK_KEYS_OLD = [settings.LINK_KEY]
    settings.LINK_KEY = "another key"
    assert find_api_token(text) == row
    settings.LINK_KEYS_OLD = []
    assert find_api_token(text) is None


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["everything"]}, "/scopes"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "/expires_at"),
    ],
)
def test_wrong_values_are_refused(organisation, fields, pointer):
    with pytest.raises(DomainError) as refused:
        make(organisation, **fields)
    assert refused.value.errors[0].pointer == pointer
    assert ApiToken.objects.count() == 0


def test_a_token_may_do_no_more_than_its_maker(organisation, account_with_role):
    viewer = account_with_role(Role.VIEWER)
    make(organisation, created_by=viewer)
    with pytest.raises(DomainError) as refused:
        make(organisation, "More", [*READ, Permission.PEOPLE_READ], created_by=viewer)
    assert refused.value.kind == "forbidden"
    assert ApiToken.objects.count() == 1


def test_who_is_no_member_makes_no_token(organisation, other_organisation, owner):
    with pytest.raises(DomainError):
        make(other_organisation, created_by=owner)


def test_two_live_tokens_have_two_names(organisation, other_organisation):
    row, _text = make(organisation)
    make(other_organisation)
    with pytest.raises(DomainError) as refused:
        make(organisation)
    assert (refused.value.kind, refused.value.errors[0].pointer) == ("conflict", "/name")
    revoke_api_token(token=row, actor=SYSTEM)
    make(organisation)
    assert str(row) == "Feed"
