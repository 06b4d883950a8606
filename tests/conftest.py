"""What all tests share: an organisation, its people, and the ways they come in."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import json
from contextlib import ExitStack
from copy import deepcopy

import pytest
import pytest_socket
import time_machine
from django.test import Client
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings

from accounts.enums import Role
from accounts.models import Account
from accounts.permissions import Permission
from accounts.services import mails
from accounts.services.tokens import create_api_token
from accounts.views import steady
from core.actors import SYSTEM
from tests.factories.accounts import AccountFactory, MembershipFactory, OrganisationFactory
from tests.schema import migrated_quickly

# A busy machine is no fault: no example has to be quick.
hypothesis_settings.register_profile("lectern", deadline=None)
hypothesis_settings.load_profile("lectern")

TESTS = itertools.count(1)


# Fixtures that bring a database, those included that share a world per module.
_DATABASES = frozenset(
    {"db", "transactional_db", "world_of_the_module", "room_of_the_module", "room"}
)


def pytest_addoption(parser):
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out what uses no database: on a second engine it says the same again",
    )


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--database-only"):
        return
    plain = [item for item in items if not _uses_database(item)]
    config.hook.pytest_deselected(items=plain)
    items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item):
    """Tell whether a test asks for a database, or whether it is not said what it asks for."""
    named = set(getattr(item, "fixturenames", ["db"]))
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or bool(named & _DATABASES)


def pytest_collection_finish(session):
    """Look for garbage among what tests leave, not each time in all modules and tests as well."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True)
def _only_this_machine():
    """No test talks to another machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def quick_migrations():
    """Migrations take a third of the time until the function that is returned is called."""
    with ExitStack() as stack:
        stack.enter_context(migrated_quickly())
        yield stack.close


@pytest.fixture(scope="session")
def django_db_setup(quick_migrations, django_db_setup):
    """Migrate quickly to make the database, and no longer."""
    quick_migrations()


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup, django_db_blocker, tmp_path_factory):
    """One of everything that addresses name, made once for a module that walks through them."""
    # Not for those who walk through nothing: it knows every app.
    from tests.routes.world import world_of_a_module

    with world_of_a_module(django_db_blocker, tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture
def world(world_of_the_module, db, settings):
    """A copy of the module's own: what a test does to it and in the database is undone."""
    settings.MEDIA_ROOT = world_of_the_module.files
    return deepcopy(world_of_the_module)


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path_factory):
    """Uploads and mails of a test stay in its own folder, which is made when it writes one."""
    folder = tmp_path_factory.getbasetemp() / f"of-test-{next(TESTS)}"
    settings.MEDIA_ROOT = folder / "files"
    settings.MAIL_DIR = folder / "mail"


@pytest.fixture(autouse=True)
def _words_of_the_installation(settings):
    """No test reads the language in which the one before it asked for its last page."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        yield


class AtOnce:
    """Stands where the threads are from which mails about signing in leave."""

    @staticmethod
    def submit(call, *args):
        call(*args)


@pytest.fixture(autouse=True)
def _no_threads_no_waiting(monkeypatch):
    """Mails about signing in are sent at once, and no answer is held back."""
    monkeypatch.setattr(mails, "_senders", AtOnce())
    monkeypatch.setattr(steady, "SECONDS", 0.0)


@pytest.fixture
def organisation(db):
    return OrganisationFactory(slug="institute", name="Institute for Testing")


@pytest.fixture
def other_organisation(db):
    return OrganisationFactory(slug="another-house", name="Another House")


@pytest.fixture
def account_with_role(organisation):
    """Return a function: the account with this role, in `organisation` unless another is given."""

    def make(role: Role | str, of=None) -> Account:
        of = of or organisation
        known = Account.objects.filter(memberships__organisation=of, memberships__role=role).first()
        if known is not None:
            return known
        account = AccountFactory(email=f"{role}@{of.slug}.example.org", name=str(role).title())
        MembershipFactory(organisation=of, account=account, role=role)
        return account

    return make


@pytest.fixture
def owner(account_with_role):
    return account_with_role(Role.OWNER)


@pytest.fixture
def client_as(db):
    """Return a function: a browser in which `account` (or nobody) is signed in."""

    def make(account: Account | None = None) -> Client:
        client = Client()
        if account is not None:
            client.force_login(account)
        return client

    return make


@pytest.fixture
def api_token(organisation):
    """Return a function: the text of a token with these scopes (all of them when none is named)."""
    numbers = itertools.count(1)

    def make(*scopes: Permission | str, of=None) -> str:
        row, text = create_api_token(
            organisation=of or organisation,
            name=f"Test {next(numbers)}",
            scopes=[str(s) for s in scopes or Permission],
            actor=SYSTEM,
        )
        assert row.pk
        return text

    return make


class ApiClient:
    """Speaks JSON with a bearer token: `api.get("/api/v1/…")`, `api.patch(path, body, etag)`."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.client = Client()

    def request(self, method, path, body=None, *, etag=None, raw=None, **headers):
        if etag is not None:
            headers["If-Match"] = etag
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        content_type = headers.pop("content_type", "application/json")
        return self.client.generic(
            method,
            path,
            data,
            content_type=content_type if data or body is not None else "",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.request("POST", path, {} if body is None else body, **headers)

    def put(self, path, body, etag=None, **headers):
        return self.request("PUT", path, body, etag=etag, **headers)

    def patch(self, path, body, etag=None, **headers):
        return self.request("PATCH", path, body, etag=etag, **headers)

    def delete(self, path, etag=None, **headers):
        return self.request("DELETE", path, etag=etag, **headers)


@pytest.fixture
def api(api_token):
    """A program with a token of `organisation` that may do everything.

    `api.of(scope, …)` is one with these scopes only, `api.anonymous` one without a token.
    """

    class Api(ApiClient):
        anonymous = ApiClient()

        @staticmethod
        def of(*scopes, organisation=None):
            return ApiClient(api_token(*scopes, of=organisation))

    return Api(api_token())


@pytest.fixture
def frozen():
    """Return a function: stop the clock at this instant (UTC unless it says otherwise).

    The traveller it returns has `shift(seconds or timedelta)` and `move_to(instant)`.
    """
    running = []

    def stop(instant: dt.datetime | str):
        if isinstance(instant, str):
            instant = dt.datetime.fromisoformat(instant)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=dt.UTC)
        traveller = time_machine.travel(instant, tick=False)
        running.append(traveller)
        return traveller.start()

    yield stop
    for traveller in reversed(running):
        traveller.stop()
