"""Loading the demo: all of it in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.models import Organisation
from console.demo import asking, guests, invited, programme, team
from console.demo.reading import on, read_data, working_day
from core.actors import SYSTEM
from core.errors import DomainError
from events.models import Conference
from events.services.series import create_series

# Times of day of past events are not documented; see bcsp.yaml.
UNDOCUMENTED: Final = ("10:00", "13:00")


def is_empty() -> bool:
    """Tell whether nobody has begun to use this installation."""
    return not Organisation.objects.exists()


@transaction.atomic
def load_demo(now: dt.datetime) -> dict[str, str]:
    """Load the demo as of `now` and return what stands in demo.json.

    The file is written last, inside the transaction: without it nobody could sign in.

    Raises:
        DomainError: ``conflict`` where there is an organisation already.
    """
    if not is_empty():
        raise DomainError(
            "conflict", "There is an organisation here already. Nothing was loaded or changed."
        )
    data = read_data()
    password = team.new_password()
    world = programme.World(team.make_organisation(data, password))
    today = now.astimezone(ZoneInfo(world.organisation.time_zone)).date()

    programme.make_venues(world, data["venues"])
    programme.make_people(
        world, data["speakers"], source="Programmes of past events", basis="Public programme"
    )
    invented = programme.make_people(
        world, data["people"], source="Invented for the demo", basis="Nobody real"
    )
    for row in data["past"]:
        conference = programme.make_conference(world, row, row["date"], UNDOCUMENTED)
        programme.make_sessions(world, conference, row["sessions"], row["date"])
        world.conferences[conference.slug] = programme.publish(conference, "As it was")
    for row in data["past"]:
        programme.make_outcome(world, world.conferences[row["slug"]], row["outcome"])

    series = create_series(organisation=world.organisation, actor=SYSTEM, **data["series"])
    upcoming = _make_upcoming(world, {**data["upcoming"], "series": series}, now, today)
    people = list(zip(data["people"], invented, strict=True))
    asked = asking.ask(upcoming, data["upcoming"]["asks"])
    guests.register_people(upcoming, people, now, asked)
    invited.invite_people(upcoming, people, now)
    _make_draft(world, {**data["draft"], "series": series}, today)

    facts = {
        "url": settings.BASE_URL,
        "organisation": world.organisation.slug,
        "conference": upcoming.slug,
        "email": data["accounts"][0]["email"],
        "password": password,
        "token": team.make_token(world.organisation),
    }
    team.write_facts(facts)
    return facts


def _make_upcoming(
    world: programme.World, row: Mapping[str, Any], now: dt.datetime, today: dt.date
) -> Conference:
    day = working_day(today, row["days_ahead"])
    since = dt.timedelta(days=row["announced_days_ago"])
    conference = programme.make_conference(world, row, day, row["times"])
    # Before anybody is confirmed: who speaks takes a place of the speakers' type.
    guests.make_types(conference, row["types"], on(today - since, "09:00"))
    guests.make_rules(conference, row["rules"])
    programme.make_sessions(world, conference, row["sessions"], day)
    conference = programme.publish(conference, "First programme")
    programme.change_draft(conference, row["unpublished"], day)
    # Publishing says "now"; the demo's guests have registered since a while ago.
    Conference.objects.filter(pk=conference.pk).update(
        created_at=now - since, announced_at=now - since
    )
    return Conference.objects.get(pk=conference.pk)


def _make_draft(world: programme.World, row: Mapping[str, Any], today: dt.date) -> None:
    day = working_day(today, row["days_ahead"])
    conference = programme.make_conference(world, row, day, row["times"])
    programme.make_sessions(world, conference, row["sessions"], day)
