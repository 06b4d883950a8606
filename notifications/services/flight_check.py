"""The flight check: what could embarrass a house, looked at before the button is pressed.

Each check is one row of a table: a name, what it means when it passes, where to put it right, and a
function of the facts that returns what it found. Errors stop the button, warnings want to be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notifications.enums import Level
from notifications.models import Announcement
from notifications.services import flight_checks_audience as audience
from notifications.services import flight_checks_sending as sending
from notifications.services import flight_checks_text as text
from notifications.services.flight_facts import Flight, gather
from notifications.services.flight_found import Check, Finding
from notifications.services.survey import Survey

# In the order in which people read a mail.
CHECKS: Final[Sequence[Check]] = (
    Check("subject-empty", "There is a subject", "subject", text.subject_empty),
    Check("subject-long", "The subject fits on a line", "subject", text.subject_long),
    Check("subject-shouts", "The subject does not shout", "subject", text.subject_shouts),
    Check("body-empty", "There is a text", "body", text.body_empty),
    Check("plain-empty", "The plain text says something", "body", text.plain_empty),
    Check("text-broken", "The text can be read", "body", text.text_broken),
    Check("language-missing", "Readers get their language", "body", text.language_missing),
    Check("placeholder-unknown", "All placeholders are known", "body", text.placeholder_unknown),
    Check("placeholder-empty", "All placeholders have a value", "body", text.placeholder_empty),
    Check("merge-gaps", "The text is whole for everybody", "body", text.merge_gaps),
    Check("greeting-missing", "Readers are greeted", "body", text.greeting_missing),
    Check("greeting-nameless", "Everybody has a name", "audience", audience.nameless),
    Check("salutation-doubtful", "Salutations are typed", "audience", audience.salutations),
    Check("html-typed", "No HTML is typed", "body", text.html_typed),
    Check("images", "No pictures", "body", text.images),
    Check("link-malformed", "Links are addresses", "body", text.link_malformed),
    Check("link-dead", "Links to our pages open", "body", text.link_dead),
    Check("link-foreign", "Links stay with us", "body", text.link_foreign),
    Check("link-plain-http", "Links are encrypted", "body", text.link_plain_http),
    Check("link-private", "Pages open for readers", "settings", text.link_private),
    Check("link-personal", "“Your link” has a link", "body", text.link_personal),
    Check("outcome-unpublished", "The outcome can be read", "body", text.outcome_unpublished),
    Check("date-past", "No date has passed", "body", text.date_past),
    Check("date-weekday", "Weekdays match their dates", "body", text.date_weekday),
    Check("date-differs", "Dates are the conference's", "body", text.date_differs),
    Check("size", "The mail is small", "body", text.size),
    Check("audience-empty", "Somebody gets it", "audience", audience.empty),
    Check("audience-large", "As many as last time", "audience", audience.large),
    Check("audience-gone", "Nobody who is out of it", "audience", audience.gone),
    Check("doubles", "One person an address", "audience", audience.doubles),
    Check("no-address", "Everybody has an address", "audience", audience.no_address),
    Check("opted-out", "Nobody has opted out", "audience", audience.opted_out),
    Check("repeated", "Not said already", "audience", audience.repeated),
    Check("quiet-hours", "Outside quiet hours", "moment", sending.quiet_hours),
    Check("weekend", "On a working day", "moment", sending.weekend),
    Check("conference-state", "The conference takes place", "settings", sending.state),
    Check("conference-over", "The conference is to come", "settings", sending.over),
    Check("contact", "Answers reach somebody", "settings", sending.contact),
    Check("unsubscribe", "Readers can stop it and see whose it is", "settings", sending.stop_link),
    Check("sending-paused", "Mail leaves", "outbox", sending.paused),
    Check("mail-server", "There is a mail server", "outbox", sending.mail_server),
)


@dataclass(frozen=True, slots=True)
class Flown:
    """A flight check that was made."""

    flight: Flight
    findings: Sequence[Finding]

    @property
    def survey(self) -> Survey:
        return self.flight.survey

    @property
    def errors(self) -> list[Finding]:
        return [found for found in self.findings if found.level == Level.ERROR]

    @property
    def warnings(self) -> list[Finding]:
        return [found for found in self.findings if found.level == Level.WARNING]

    @property
    def agreed(self) -> dict[str, list[str]]:
        """What whoever has read the warnings has read: check -> what it is about."""
        return {found.slug: list(found.about) for found in self.warnings}

    @property
    def passed(self) -> list[Finding]:
        return [found for found in self.findings if found.level == Level.OK]


def fly(announcement: Announcement, *, send_at: dt.datetime | None = None) -> Flown:
    """Make every check; nothing is written and nobody outside is asked.

    Arguments:
        send_at: when it is meant to leave; now unless said.
    """
    return judge(gather(announcement, send_at=send_at))


def judge(flight: Flight) -> Flown:
    """Make every check on facts that were read."""
    return Flown(flight, [check.on(flight) for check in CHECKS])
