"""What needs an organiser about mail: what is held back, what stands still, what did not go."""

from __future__ import annotations

from typing import Final

from accounts.models import Organisation
from console.overview.finding import Finding, Need
from console.overview.mails import held_back, mail_trouble
from core.text import pick_text
from notifications.models import Announcement
from notifications.services.announcement_texts import subject_of
from notifications.services.pausing import pauses_of
from notifications.services.reading import STANDSTILL
from notifications.services.sending_switch import paused_because
from notifications.services.troubles import trouble_of

_MOST_NAMED: Final = 3


class MailNeeds(Finding):
    """What is found in the outbox and among announcements."""

    def held_back(self, house: Organisation | None) -> None:
        """Announcements that nobody gets before an organiser has decided.

        Arguments:
            house: of which all are said. What holds one back may be that its conference is over or
                cancelled, so that it is none of those that lie ahead.
        """
        for row, held in held_back(self.conferences, house):
            title = pick_text(row.title, "en", row.languages)
            if len(held) == 1:
                self.add(
                    f"1 announcement of {title} is held back: {_why(held[0])}",
                    "See why",
                    "manage-announcement",
                    row,
                    tone="bad",
                    code=held[0].code,
                )
            else:
                self.add(
                    f"{len(held)} announcements of {title} are held back: {_named(held)}.",
                    "Look at them",
                    "manage-announcements",
                    row,
                    tone="bad",
                )

    def mail(self) -> None:
        reason = paused_because()
        if reason is not None:
            self.needs.append(Need(f"No mail leaves: {reason}", "", "", "bad"))
        elif self.conferences and (held := trouble_of(self.conferences[0].organisation_id)):
            zone = self.conferences[0].time_zone
            self.needs.append(Need(f"{held.title()}: {held.sentence(zone)}", "", "", "bad"))
        pauses = pauses_of(self.conferences)
        trouble = mail_trouble(self.conferences, STANDSTILL)
        for row in self.conferences:
            title = self.titles[row.pk]
            if row.pk in pauses:
                sentence = f"The mail of {title} is paused: {pauses[row.pk]}"
                self.add(sentence, "Resume", "manage-mail-resume", row, tone="warn")
            one = trouble.get(row.pk)
            if one is None:
                continue
            if one.late and reason is None and row.pk not in pauses:
                sentence = f"{_mails(one.late)} of {title} should have gone by now."
                self.add(sentence, "Open the outbox", "manage-outbox", row, tone="bad")
            if one.failed:
                sentence = f"{_mails(one.failed)} of {title} could not be delivered."
                self.add(
                    sentence,
                    "See why",
                    "manage-outbox",
                    row,
                    tone="bad",
                    query="?state=failed",
                )
            if one.unknown:
                sentence = f"Of {_mails(one.unknown)} of {title} nobody knows whether they went."
                self.add(
                    sentence,
                    "Decide",
                    "manage-outbox",
                    row,
                    tone="warn",
                    query="?state=unknown",
                )


def _why(row: Announcement) -> str:
    """Return which one it is and what was found first; its page has the rest."""
    said = [f"“{subject_of(row)}”.", *(found["detail"] for found in row.held_for[:1])]
    if more := len(row.held_for) - 1:
        said.append(f"And {more} more {'reason' if more == 1 else 'reasons'}.")
    return " ".join(said)


def _named(rows: list[Announcement]) -> str:
    """Return which ones: “Where to park”, “The menu” and 2 more."""
    names = [f"“{subject_of(row)}”" for row in rows]
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED - 1 :] = [f"{len(names) - _MOST_NAMED + 1} more"]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _mails(number: int) -> str:
    return "1 mail" if number == 1 else f"{number} mails"
