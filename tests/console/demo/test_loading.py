from __future__ import annotations

import datetime as dt
import json
import stat
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.services.tokens import find_api_token
from console.demo import loading, team
from console.demo.reading import read_data, working_day
from core.clock import to_local
from events.models import Conference, Person
from events.services.schedules import current_programme, programme_changes
from notifications.enums import MessageState
from notifications.models import Message
from registrations.models import AccessCode, HeldPlace, Registration
from registrations.services.answer_columns import answer_columns
from registrations.services.funnel import funnel_of, silent_vips
from registrations.services.guest_list import is_doubtful
from registrations.services.registration_figures import answers_of_choice

UPCOMING = "newcomers-and-neighbours"


@pytest.fixture
def home(settings, tmp_path):
    settings.LECTERN_HOME = tmp_path / "home"
    settings.LECTERN_DEMO = True
    return settings.LECTERN_HOME


def load(**options):
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def panel_of(conference):
    programme = current_programme(conference)
    (panel,) = [s for s in programme.sessions() if s.kind == "panel"]
    return [(p.role, p.honorific, p.name, p.affiliation, p.state) for p in panel.participations]


def check_what_is_asked(upcoming):
    assert [q.slug for q in upcoming.questions.order_by("order", "pk")] == [
        "reason",
        "food",
        "food-other",
        "photos",
    ]
    columns = answer_columns(upcoming, sensitive=True)
    reasons, food = answers_of_choice(upcoming, columns)
    assert [group.live for group in reasons.groups] == [15, 13, 5, 7]
    assert [group.live for group in food.groups] == [5, 3, 5, 5, 0, 0]
    sign_up = upcoming.sign_up_sessions.get()
    assert (sign_up.allotment.capacity, sign_up.allotment.taken) == (12, 10)
    code = AccessCode.objects.get(conference=upcoming)
    assert (code.code, code.max_uses) == ("NEIGHBOURS", 10)
    guests = upcoming.registration_types.get(slug="guest").allotments.get()
    assert (guests.capacity, guests.taken) == (80, 50)
    assert HeldPlace.objects.filter(hold_back__allotment=guests).aggregate(n=Sum("count"))["n"] == 4


def test_the_demo_is_a_house_in_full_swing(db, home, client, django_assert_max_num_queries):
    said = load()

    facts = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    assert list(facts) == ["url", "organisation", "conference", "email", "password", "token"]
    assert stat.S_IMODE((home / "demo.json").stat().st_mode) == 0o600
    assert f"/{facts['organisation']}/{facts['conference']}/" in said
    assert client.login(email=facts["email"], password=facts["password"])
    assert find_api_token(facts["token"]).organisation.slug == "bcsp"
    assert sorted(Membership.objects.values_list("role", flat=True)) == [
        "organiser",
        "owner",
        "programme",
        "registrar",
        "viewer",
    ]

    assert dict(Conference.objects.order_by("starts_at").values_list("slug", "state")) == {
        "balkan-defence-policies": "published",
        "non-malign-influence": "published",
        "frontlines-of-influence": "published",
        "north-mitrovica-workshop": "published",
        UPCOMING: "published",
        "spring-workshop": "draft",
    }
    past = Conference.objects.get(slug="non-malign-influence")
    assert panel_of(past) == [
        ("moderator", "Prof. Dr.", "Radina Vučetić", "University of Belgrade", "confirmed"),
        ("panellist", "", "Maksim Samorukov", "Carnegie Russia Eurasia Centre", "confirmed"),
        ("panellist", "", "Srđan Cvijić", "BCSP", "confirmed"),
        (
            "panellist",
            "",
            "Margarita Zavadskaya",
            "Finnish Institute of International Affairs",
            "confirmed",
        ),
    ]
    outcome = past.outcome
    assert Counter(outcome.items.values_list("kind", flat=True)) == {"finding": 5, "point": 2}
    assert sorted(outcome.related.values_list("slug", flat=True)) == [
        "balkan-defence-policies",
        "frontlines-of-influence",
        "north-mitrovica-workshop",
    ]
    assert str(outcome.published_at.date()) == "2025-02-22"

    upcoming = Conference.objects.get(slug=UPCOMING)
    ahead = upcoming.start_local.date() - to_local(timezone.now(), upcoming.time_zone).date()
    assert 7 <= ahead.days <= 10
    assert upcoming.start_local.weekday() < 5
    assert [p[0] for p in panel_of(upcoming)] == ["moderator", "panellist", "panellist"]
    assert [c.kind for c in programme_changes(upcoming)] == ["moved"]
    assert Person.objects.filter(email__endswith="@example.org").count() == 120

    statuses = Counter(
        upcoming.registrations.values_list("registration_type__slug", "status").iterator()
    )
    assert statuses == {
        ("guest", "confirmed"): 50,
        ("guest", "cancelled"): 6,
        ("press", "confirmed"): 4,
        ("press", "pending_approval"): 4,
        ("press", "rejected"): 2,
        ("student", "confirmed"): 12,
        ("student", "waiting_list"): 5,
        ("speaker", "confirmed"): 6,
        ("invited", "confirmed"): 8,
    }
    check_what_is_asked(upcoming)
    whole, _by_tag = funnel_of(upcoming)
    assert (whole.added, whole.sent, whole.coming, whole.maybe, whole.declined) == (30, 24, 7, 2, 2)
    assert (whole.silent, whole.not_asked, whole.companions) == (13, 6, 1)
    assert silent_vips(upcoming) == (13, 4)
    assert upcoming.invitations.filter(by_delegate=True).count() == 1
    assert upcoming.invitations.filter(is_doubtful(upcoming)).count() == 6
    assert HeldPlace.objects.filter(invitation__conference=upcoming).count() == 21
    deadline = upcoming.reply_until_at - dt.datetime.now(dt.UTC)
    assert 1 < deadline.total_seconds() / 86400 < 4
    oldest = upcoming.registrations.order_by("created_at").first()
    assert (dt.datetime.now(dt.UTC) - oldest.created_at).days == 19
    waiting = Message.objects.filter(conference=upcoming, state=MessageState.QUEUED)
    now = dt.datetime.now(dt.UTC)
    assert waiting.filter(due_at__lte=now).count() > 50
    assert waiting.filter(rule__offset="-P1D", due_at__gt=now).count() > 50
    assert Message.objects.filter(state=MessageState.SENT).count() == 0

    before = (home / "demo.json").read_bytes()
    assert load(if_empty=True) == ""
    with pytest.raises(CommandError, match="an organisation here already"):
        load()
    assert (home / "demo.json").read_bytes() == before
    assert Organisation.objects.count() == 1


def test_a_demo_that_can_not_be_finished_leaves_nothing(db, home, monkeypatch):
    def full(facts):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(team, "write_facts", full)
    with pytest.raises(OSError, match="No space left"):
        loading.load_demo(dt.datetime.now(dt.UTC))
    assert (Organisation.objects.count(), Registration.objects.count()) == (0, 0)


def test_the_demo_stays_out_of_a_real_installation(db, home, settings):
    settings.LECTERN_DEMO = settings.EMBEDDED = settings.DEBUG = False
    with pytest.raises(CommandError, match="LECTERN_DEMO=1"):
        load()
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize(
    ("today", "day"),
    [
        ("2026-11-22", "2026-12-01"),  # a Tuesday
        ("2026-11-26", "2026-12-04"),  # Saturday: the Friday before
        ("2026-11-27", "2026-12-07"),  # Sunday: the Monday after
    ],
)
def test_the_upcoming_edition_is_on_a_working_day(today, day):
    assert working_day(dt.date.fromisoformat(today), 9) == dt.date.fromisoformat(day)


def test_nobody_invented_has_a_real_address():
    people = read_data()["people"]
    assert len(people) == len({row["email"] for row in people}) == 120
    assert all(row["email"].endswith("@example.org") for row in people)
    assert all("email" not in row for row in read_data()["speakers"])
