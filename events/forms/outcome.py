"""What organisers type about the outcome: its texts, points and quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from core.enums import AnsweredVia
from core.text import full_name, pick_text
from events.enums import OFF_THE_PANEL, Attribution, OutcomeItemKind
from events.forms.base import ServiceForm
from events.models import Conference, Outcome, OutcomeItem, Person, Quote, Session
from events.services.quote_answers import APPROVE, RECORDED_VIA, REFUSE

# So many of those who are not in the programme are offered.
MOST_OTHERS = 300


class OutcomeForm(ServiceForm):
    """The texts of the page, the press contact and related conferences."""

    press_name = forms.CharField(label="Name", required=False, max_length=200)
    press_email = forms.CharField(
        label="E-mail", required=False, max_length=254, widget=forms.EmailInput
    )
    press_phone = forms.CharField(label="Phone", required=False, max_length=40)
    related = forms.MultipleChoiceField(
        label="Related conferences", required=False, widget=forms.CheckboxSelectMultiple
    )

    text_names = ("headline", "summary", "outlook", "record_note")
    press = ("press_name", "press_email", "press_phone")

    def __init__(
        self, *args: Any, conference: Conference, outcome: Outcome | None, **kwargs: Any
    ) -> None:
        self.outcome = outcome
        if outcome is not None:
            kwargs.setdefault("initial", _initial(outcome))
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("headline", "Headline", required=True)
        self.add_texts("summary", "Summary", lines=6, help_text="What came out of it, for all.")
        self.add_texts("outlook", "Where it goes on", lines=4)
        self.add_texts(
            "record_note",
            "How to quote this",
            lines=3,
            help_text="What was on the record, and what was not.",
        )
        self.others = {row.slug: row for row in _others(conference)}
        first = conference.first_language
        self.set_choices(
            "related",
            [
                (slug, f"{pick_text(row.title, first)}, {row.start_local:%Y}")
                for slug, row in self.others.items()
            ],
        )
        if not self.others:
            del self.fields["related"]

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        kept = self.outcome
        texts = {
            name: self.text_values(name, getattr(kept, name) if kept else None)
            for name in self.text_names
        }
        related = [self.others[slug] for slug in self.cleaned_data.get("related", ())]
        return {
            **texts,
            **{name: self.cleaned_data[name] for name in self.press},
            "related": related,
        }

    def first_texts(self) -> list[forms.BoundField]:
        return self.first_fields(self.text_fields(*self.text_names))

    def other_texts(self) -> list[forms.BoundField]:
        return self.other_fields(self.text_fields(*self.text_names))


def _initial(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"version": outcome.version}
    for name in OutcomeForm.text_names:
        found |= OutcomeForm.initial_texts(name, getattr(outcome, name))
    found |= {name: getattr(outcome, name) for name in OutcomeForm.press}
    return {**found, "related": [row.slug for row in outcome.related.all()]}


def _others(conference: Conference) -> Sequence[Conference]:
    rows = Conference.objects.filter(organisation_id=conference.organisation_id)
    return list(rows.exclude(pk=conference.pk).order_by("-starts_at", "-pk")[:100])


class _SaidForm(ServiceForm):
    """Words that somebody said in a session."""

    person = forms.ChoiceField(label="Who said it", required=False)
    session = forms.ChoiceField(label="In which session", required=False)

    def offer(self, conference: Conference, named: Person | None) -> None:
        """Offer the people of the programme, others whom the house knows, and the sessions."""
        first = conference.first_language
        known = Person.objects.filter(organisation_id=conference.organisation_id)
        known = known.order_by("sort_key", "pk")
        there = list(
            known.filter(participations__session__conference=conference)
            .exclude(participations__state__in=OFF_THE_PANEL)
            .distinct()
        )
        pks = {row.pk for row in there}
        others = [row for row in known.exclude(pk__in=pks)[:MOST_OTHERS] if row != named]
        if named is not None and named.pk not in pks:
            others.insert(0, named)
        self.people = {row.code: row for row in (*there, *others)}
        self.sessions = {row.code: row for row in conference.sessions.all()}
        groups = [("In the programme", _names(there)), ("Others", _names(others))]
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            nobody = "Choose" if field.required else "Nobody is named"
            field.choices = [("", nobody), *(group for group in groups if group[1])]
        self.set_choices(
            "session",
            [
                ("", "Not said"),
                *((code, _session_name(row, first)) for code, row in self.sessions.items()),
            ],
        )

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "person": self.people.get(data["person"]),
            "session": self.sessions.get(data["session"]),
        }


def _names(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(row.code, full_name(row.given_name, row.family_name)) for row in people]


def _session_name(session: Session, language: str) -> str:
    title = pick_text(session.title, language)
    if session.attribution == Attribution.ON_THE_RECORD:
        return title
    return f"{title} ({session.get_attribution_display()})"


class ItemForm(_SaidForm):
    """A finding, or a point that was made."""

    kind = forms.ChoiceField(choices=OutcomeItemKind.choices, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, conference: Conference, item: OutcomeItem | None, **kwargs: Any
    ) -> None:
        self.item = item
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("topic", "Topic", help_text="A few words above it. May be left out.")
        self.add_texts("text", "Words", lines=4)
        self.offer(conference, item.person if item else None)
        texts = self.text_fields("topic", "text")
        self.order_fields(["version", "kind", *texts, "person", "session"])

    def values(self) -> dict[str, Any]:
        kept = self.item
        return {
            "kind": self.cleaned_data["kind"],
            "topic": self.text_values("topic", kept.topic if kept else None),
            "text": self.text_values("text", kept.text if kept else None),
            **self.said(),
        }

    @classmethod
    def initial_of(cls, item: OutcomeItem | None, version: int) -> dict[str, Any]:
        if item is None:
            return {"version": version, "kind": OutcomeItemKind.FINDING}
        return {
            **cls.initial_texts("topic", item.topic),
            **cls.initial_texts("text", item.text),
            "version": version,
            "kind": item.kind,
            "person": item.person.code if item.person else "",
            "session": item.session.code if item.session else "",
        }


class QuoteForm(_SaidForm):
    """What somebody said, word by word."""

    def __init__(
        self, *args: Any, conference: Conference, quote: Quote | None, **kwargs: Any
    ) -> None:
        self.quote = quote
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("text", "Words", required=True, lines=4)
        self.fields["person"].required = True
        self.offer(conference, quote.person if quote else None)
        self.order_fields(["version", "person", *self.text_fields("text"), "session"])

    def values(self) -> dict[str, Any]:
        kept = self.quote
        return {**self.said(), "text": self.text_values("text", kept.text if kept else None)}

    @classmethod
    def initial_of(cls, quote: Quote) -> dict[str, Any]:
        return {
            **cls.initial_texts("text", quote.text),
            "version": quote.version,
            "person": quote.person.code,
            "session": quote.session.code if quote.session else "",
        }


class QuoteRecordForm(ServiceForm):
    """An answer to a quote that came by phone, by mail or in person."""

    names = {"answered_via": "via"}

    answer = forms.ChoiceField(
        label="The answer",
        choices=[(APPROVE, "They approve these words"), (REFUSE, "It is not to be shown")],
        widget=forms.RadioSelect,
    )
    via = forms.ChoiceField(
        label="How it came", choices=[(via.value, AnsweredVia(via).label) for via in RECORDED_VIA]
    )
    answered_name = forms.CharField(
        label="Who gave it",
        required=False,
        max_length=200,
        help_text="Empty: they did themselves.",
    )
    by_name = forms.BooleanField(
        label="It may be said that they said it",
        required=False,
        help_text="The Chatham House Rule holds in this session: without this nobody is named.",
    )
    comment = forms.CharField(
        label="What they said with it",
        required=False,
        max_length=2000,
        help_text="Organisers read it, nobody else.",
    )
