"""Who opens every link of a mail changes nothing; and every mail keeps to the rules of mail.

Mail scanners fetch what they find in the text, in the HTML, in headers and in what is attached,
some of them more than once; with TESTS_SIZE=full all of them three times.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.services import mails as account_mails
from notifications.enums import MessageKind, TroubleKind
from notifications.services import standstill
from notifications.services.hold_notices import tell_of_held
from notifications.services.kinds import KINDS
from notifications.services.texts import LANGUAGES, templates
from notifications.services.troubles import Trouble
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.notifications import AnnouncementFactory, conference_in
from tests.notifications.mailbag import SORTS, Mailbag, Posted
from tests.sizes import FULL

pytestmark = pytest.mark.django_db
OURS = "http://testserver"
ADDRESS = re.compile(r"https?://[^\s<>\"()]+")
CSS_ADDRESS = re.compile(r"url\(|@import", re.IGNORECASE)
SMALL_ENOUGH = 102_000  # octets; a large mail program cuts off the rest
LONGEST = 998  # octets of a line, RFC 5322, section 2.1.1
LOADING = ("src", "srcset", "background", "poster", "data", "action", "formaction")


@pytest.fixture(autouse=True)
def _a_day_before_all_deadlines(frozen):
    frozen("2027-02-10T09:00")
    cache.clear()


@pytest.fixture
def bag():
    return Mailbag()


def rows():
    """Return table -> (how many rows, a digest of all that they say), for every table there is."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        said = list(model._base_manager.order_by("pk").values_list())
        found[model._meta.db_table] = (len(said), hashlib.sha256(repr(said).encode()).hexdigest())
    return found


def changed(before):
    return {table for table, state in rows().items() if before[table] != state}


def follow(addresses):
    """GET and HEAD each address again and again without a cookie; return address -> statuses."""
    found = {}
    for address in addresses:
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == OURS, address
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        for method in ("get", "head") * 3 if FULL else ("get", "head", "get"):
            answer = getattr(Client(enforce_csrf_checks=True), method)(path)
            found.setdefault(address, set()).add(answer.status_code)
    return found


@dataclass
class Page(HTMLParser):
    """What a mail's HTML links to, loads, and says about its language."""

    html: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    root: dict[str, str | None] = field(default_factory=dict)
    titles: int = 0

    def __post_init__(self):
        super().__init__()
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "html":
            self.root = attributes
        self.titles += tag == "title"
        if tag in ("a", "area"):
            self.links.append(attributes.get("href") or "")
        elif "href" in attributes:
            self.loads.append(attributes["href"])
        self.loads += [attributes[name] for name in LOADING if name in attributes]


def addresses_in(posted: Posted):
    """Return every web address in a mail: its texts, its HTML, its headers, its calendar entry."""
    unfolded = posted.calendar().replace(b"\r\n ", b"").decode().replace("\\n", "\n")
    texts = [posted.body("plain"), unfolded, *map(str, posted.read.values())]
    found = {address.rstrip(".,;:") for text in texts for address in ADDRESS.findall(text)}
    links = Page(posted.body("html")).links
    return sorted(found | {link for link in links if link.startswith("http")})


def test_the_table_has_every_text_and_every_kind():
    assert tuple(sorted(SORTS)) == templates()
    assert {sort.kind for sort in SORTS.values()} | {MessageKind.TEST} == set(KINDS)


@pytest.mark.parametrize("template", sorted(SORTS))
def test_who_opens_every_link_of_a_mail_changes_nothing(bag, template):
    posted = [bag.post(SORTS[template], language) for language in LANGUAGES]
    addresses = sorted({address for each in posted for address in addresses_in(each)})
    before = rows()

    found = follow(addresses)

    assert changed(before) == set()
    assert addresses != []
    assert {address: codes for address, codes in found.items() if codes != {200}} == {}


def test_a_change_would_be_seen(bag):
    """Nothing above is worth anything unless this holds."""
    before = rows()
    bag.room.registration.booking.contact_name = "Somebody else"
    bag.room.registration.booking.save()
    bag.room.panel.participations.first().delete()

    assert changed(before) == {"registrations_booking", "events_participation"}


def test_a_test_mail_leads_nowhere(bag):
    addresses = addresses_in(bag.trial("en"))
    before = rows()

    found = follow(addresses)

    assert changed(before) == set()
    assert set().union(*found.values()) <= {200, 404}


@pytest.mark.parametrize("template", sorted(SORTS))
def test_a_mail_keeps_to_the_rules_of_mail_in_every_language(bag, template):
    for language in LANGUAGES:
        assert_well_made(bag.post(SORTS[template], language), language)


def assert_well_made(posted, language):
    """Assert that any mail program can show a mail, whole, and asks nobody for a part of it."""
    plain, html = posted.body("plain"), posted.body("html")
    page = Page(html)
    assert_in_order(posted.mail.raw, posted.content.subject)
    assert posted.read["Subject"] == posted.content.subject
    assert len(plain.split()) > 20
    assert len(html.encode()) < SMALL_ENOUGH
    assert (page.root["lang"], page.root["dir"], page.titles) == (language, "ltr", 1)
    assert [link for link in page.links if not is_allowed(link)] == []
    assert [address for address in page.loads if not address.startswith("cid:")] == []
    assert not CSS_ADDRESS.search(html)
    # What a button or a sentence leads to can be reached from the plain form too.
    links = {link for link in page.links if link.startswith("http")}
    assert links <= set(ADDRESS.findall(plain))


def is_allowed(link):
    """Tell whether a link can be followed from a mail: nothing relative, nothing that runs."""
    parts = urlsplit(link)
    is_web = parts.scheme in ("http", "https") and parts.netloc
    return bool(is_web) or parts.scheme in ("mailto", "tel")


def assert_in_order(raw, subject):
    """Assert what holds for the bytes of any mail (RFC 5322, RFC 2047)."""
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= LONGEST
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    (line,) = re.findall(rb"^Subject: (?:[^\r]|\r\n[ \t])*", head, re.MULTILINE)
    words = line.replace(b"\r\n", b"").removeprefix(b"Subject: ").rstrip()
    assert len(words) <= LONGEST
    assert (b"=?utf-8?" in words) == (not subject.isascii())
    assert subject


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr-cyrl", "ru"])
def test_mails_about_signing_in_are_followed_without_a_change_too(client, mailoutbox, language):
    account = AccountFactory(email="ana@example.org", name="Ana", language=language)
    client.post("/accounts/password/reset/", {"email": account.email})
    client.post("/accounts/login/code/", {"email": account.email})
    for kind in ("member_added", "password_changed"):
        account_mails.mail_later(kind, account.email, {"organisation": "Institute for Testing"})
    assert len(mailoutbox) == len(account_mails.KINDS)
    assert_followed_without_a_change(mailoutbox)


@pytest.mark.parametrize("kind", TroubleKind)
def test_a_warning_to_owners_is_followed_without_a_change(organisation, kind, mailoutbox):
    MembershipFactory(organisation=organisation, role="owner")
    trouble = Trouble(kind=kind, number=3, since=None)
    standstill._write_to_owners(organisation, trouble, django_mail.get_connection())
    assert len(mailoutbox) == 1
    assert_followed_without_a_change(mailoutbox)


def test_a_notice_of_what_is_held_back_is_followed_without_a_change(organisation, mailoutbox):
    MembershipFactory(organisation=organisation, role="owner")
    AnnouncementFactory(
        conference=conference_in(organisation=organisation),
        state="held",
        held_at=timezone.now(),
        undo_until=timezone.now(),
        held_for=[{"check": "contact", "title": "A contact", "detail": "Nobody can be asked."}],
        round=1,
    )
    assert tell_of_held() == 1
    assert len(mailoutbox) == 1
    assert_followed_without_a_change(mailoutbox)


def assert_followed_without_a_change(mails):
    for each in mails:
        raw = each.message().as_bytes(linesep="\r\n")
        assert_in_order(raw, each.subject)
        addresses = [address.rstrip(".,;:") for address in ADDRESS.findall(each.body)]
        assert addresses
        before = rows()
        found = follow(addresses)
        # The link to a new password begins a session, which only its own browser can use.
        is_password = any("/password/reset/key/" in address for address in addresses)
        assert changed(before) == ({"django_session"} if is_password else set())
        assert set().union(*found.values()) <= {200, 302}
