"""What organisers type about the form that guests fill in: headings and questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from core.errors import DomainError
from core.text import pick_text
from events.forms.base import ServiceForm
from events.models import Conference
from registrations.enums import WITH_OPTIONS, QuestionKind, Sensitivity
from registrations.forms.question_options import OptionRows
from registrations.models import Question, QuestionSection, RegistrationType
from registrations.services.consent_texts import current_text
from registrations.services.form_order import DECIDING, in_form_order
from registrations.services.question_cleaning import LONGEST_ANSWERS, NEVER_SENSITIVE, WITH_RANGE

_WORDS: Final = ("label_", "help_text_", "consent_text_")
# Kinds between which an organiser can change their mind here.
_ALIKE: Final = (
    (QuestionKind.TEXT, QuestionKind.LONG_TEXT),
    WITH_OPTIONS,
)


class SectionForm(ServiceForm):
    """A heading."""

    texts = ("title", "description")

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        section: QuestionSection | None = None,
        **kwargs: Any,
    ) -> None:
        self.row = section
        initial: dict[str, Any] = {}
        if section is not None:
            initial["version"] = section.version
            for name in self.texts:
                initial |= self.initial_texts(name, getattr(section, name))
        kwargs.setdefault("initial", initial)
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("title", "Heading", required=True)
        self.add_texts("description", "A sentence below it", lines=2)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        return {
            name: self.text_values(name, getattr(self.row, name) if self.row else None)
            for name in self.texts
        }


class QuestionForm(ServiceForm):
    """A question, but for its options, which are rows of their own."""

    kind = forms.ChoiceField(choices=QuestionKind.choices)
    required = forms.BooleanField(required=False)
    lowest = forms.IntegerField(required=False)
    highest = forms.IntegerField(required=False)
    types = forms.MultipleChoiceField(
        label="Asked of",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing ticked means everybody.",
    )
    section = forms.ChoiceField(required=False)
    condition = forms.MultipleChoiceField(
        label="Asked only after one of these answers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="All of one question. Nothing ticked means always.",
    )
    sensitivity = forms.ChoiceField(
        label="Tells of health or belief",
        required=False,
        choices=[("", "No"), *((s.value, f"Yes: {s.label.lower()}") for s in Sensitivity)],
        help_text="Such answers are kept apart and erased after the conference.",
    )
    slug = forms.CharField(
        label="Short name",
        required=False,
        max_length=60,
        help_text="Programs call it so. Left empty, it is made of the question.",
    )

    names = {
        "registration_types": "types",
        "shown_if": "condition",
        "shown_if_answers": "condition",
    }

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        kind: str,
        types: Sequence[RegistrationType],
        question: Question | None = None,
        answered: bool = False,
        rows: OptionRows | None = None,
        **kwargs: Any,
    ) -> None:
        self.row = question
        self.rows = rows
        self.conference = conference
        self.kinds = {one.slug: one for one in types}
        self.sections = {one.slug: one for one in conference.question_sections.all()}
        initial = {"kind": kind, **kwargs.pop("initial", {})}
        if question is not None:
            initial = {**self._begun(question), **initial}
        super().__init__(*args, languages=conference.languages, initial=initial, **kwargs)
        self.add_texts("label", "Question", required=True)
        self.add_texts("help_text", "A sentence below it", lines=2)
        if kind == QuestionKind.CONSENT:
            self._ask_consent()
        self._choose_kind(kind, answered=answered)
        self._limit(kind)
        self._place()
        self._set_conditions()
        self.fields["required"].label = (
            "Nobody can register without agreeing"
            if kind == QuestionKind.CONSENT
            else "Everybody who is asked has to answer"
        )
        if kind in NEVER_SENSITIVE or answered:
            del self.fields["sensitivity"]

    def _begun(self, row: Question) -> dict[str, Any]:
        text = current_text(row)
        return {
            "version": row.version,
            "slug": row.slug,
            "required": row.required,
            "lowest": row.lowest,
            "highest": row.highest,
            "sensitivity": row.sensitivity,
            "section": row.section.slug if row.section else "",
            "types": [one.slug for one in row.registration_types.all()],
            "condition": [f"{row.shown_if.slug}:{one}" for one in row.shown_if_answers]
            if row.shown_if
            else [],
            **self.initial_texts("label", row.label),
            **self.initial_texts("help_text", row.help_text or {}),
            **self.initial_texts("consent_text", text.text if text else {}),
        }

    def _ask_consent(self) -> None:
        first = self.text_name("label", self.languages[0])
        for name in self.text_fields("label"):
            label = str(self.fields[name].label)
            self.fields[name].label = label.replace("Question", "Heading")
        self.fields[first].help_text = "Such as “Photographs”."
        self.add_texts(
            "consent_text",
            "What they agree to",
            required=True,
            lines=4,
            help_text="Once somebody has agreed, other words make a new version. Who agreed to "
            "the old one has not agreed to the new one.",
        )

    def _choose_kind(self, kind: str, *, answered: bool) -> None:
        alike: Sequence[QuestionKind] = next((group for group in _ALIKE if kind in group), ())
        if answered or not alike:
            self.fields["kind"].widget = forms.HiddenInput()
            return
        self.set_choices("kind", [(one.value, one.label) for one in alike])
        self.fields["kind"].label = "Answered by"

    def _limit(self, kind: str) -> None:
        if kind not in WITH_RANGE:
            del self.fields["lowest"], self.fields["highest"]
            return
        longest = LONGEST_ANSWERS.get(QuestionKind(kind))
        words = ("Smallest", "Largest") if longest is None else ("Fewest characters", "Most")
        self.fields["lowest"].label, self.fields["highest"].label = words
        if longest is not None:
            self.fields["highest"].help_text = f"{longest} at the most."

    def _place(self) -> None:
        languages = self.conference.languages
        if self.sections:
            above = [("", "Above all sections")]
            titles = [(s, pick_text(r.title, "en", languages)) for s, r in self.sections.items()]
            self.set_choices("section", above + titles)
        else:
            del self.fields["section"]
        if len(self.kinds) > 1 or self.initial.get("types"):
            names = [(s, pick_text(r.name, "en", languages)) for s, r in self.kinds.items()]
            self.set_choices("types", names)
        else:
            del self.fields["types"]

    def _set_conditions(self) -> None:
        """Offer the answers of each question that stands above this one."""
        self.deciding: dict[str, Question] = {}
        groups = []
        for row in in_form_order(self.conference):
            if self.row is not None and row.pk == self.row.pk:
                break
            kept = self.row is not None and self.row.shown_if_id == row.pk
            if row.kind not in DECIDING or not (row.active or kept):
                continue
            self.deciding[row.slug] = row
            label = pick_text(row.label, "en", self.conference.languages)
            groups.append((label, self._answers_of(row)))
        if groups:
            self.fields["condition"].choices = groups  # type: ignore[attr-defined]  # grouped ones
        else:
            del self.fields["condition"]

    def _answers_of(self, row: Question) -> list[tuple[str, str]]:
        if row.kind == QuestionKind.YES_NO:
            return [(f"{row.slug}:yes", "Yes"), (f"{row.slug}:no", "No")]
        languages = self.conference.languages
        return [
            (f"{row.slug}:{one.slug}", pick_text(one.label, "en", languages))
            for one in row.options.all()
        ]

    def clean_condition(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["condition"]
        if len({one.partition(":")[0] for one in chosen}) > 1:
            raise forms.ValidationError("Choose answers of one question only.")
        return chosen

    def is_valid(self) -> bool:
        if self.rows is None or self.rows.is_valid():
            return super().is_valid()
        super().is_valid()
        self.add_error(None, "One of the answers needs another look.")
        return False

    def refuse(self, refusal: DomainError, sentence: str = "") -> None:
        rest = refusal if self.rows is None else self.rows.refuse(refusal)
        if rest is not None:
            super().refuse(rest, sentence)
        else:
            self.add_error(None, refusal.detail)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        typed = self.cleaned_data
        values: dict[str, Any] = {
            name: typed[name]
            for name in ("kind", "required", "lowest", "highest", "sensitivity")
            if name in typed
        }
        for name in ("label", "help_text"):
            values[name] = self.text_values(name, getattr(self.row, name) if self.row else None)
        if self.initial["kind"] == QuestionKind.CONSENT:
            text = current_text(self.row) if self.row else None
            values["consent_text"] = self.text_values("consent_text", text.text if text else None)
        if self.rows is not None:
            values["options"] = self.rows.values()
        if typed["slug"]:
            values["slug"] = typed["slug"]
        if "section" in typed:
            values["section"] = self.sections.get(typed["section"])
        if "types" in typed:
            values["registration_types"] = [self.kinds[slug] for slug in typed["types"]]
        if "condition" in typed:
            chosen = [one.partition(":") for one in typed["condition"]]
            values["shown_if"] = self.deciding[chosen[0][0]] if chosen else None
            values["shown_if_answers"] = [answer for _slug, _colon, answer in chosen]
        return values

    def words_first(self) -> list[forms.BoundField]:
        """Return the fields of its words in the first language."""
        return self.first_fields([name for name in self.fields if name.startswith(_WORDS)])

    def words_other(self) -> list[forms.BoundField]:
        return self.other_fields()

    def settings(self) -> list[forms.BoundField]:
        """Return the fields that say of whom and how it is asked."""
        names = ("kind", "required", "types", "section", "sensitivity")
        shown = [self[name] for name in names if name in self.fields]
        return [field for field in shown if not field.is_hidden]

    def typed(self, data: QueryDict) -> dict[str, Any]:
        """Return what was sent as the values with which the page begins again, unjudged."""
        return {
            name: field.widget.value_from_datadict(data, {}, self.add_prefix(name))
            for name, field in self.fields.items()
        }
