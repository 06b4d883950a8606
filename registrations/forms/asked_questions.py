"""The questions of a conference as fields of a form: they show and read, services judge.

Fields are named `q-<slug>`, consents `c-<slug>`, tokens of files that were sent already `f-<slug>`,
and `x-<slug>` takes a kept file away. What else is sent is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from core.countries import country_names
from core.errors import DomainError
from events.languages import Reader
from registrations.enums import QuestionKind
from registrations.forms.asked_field import (
    AskBoundField,
    AskField,
    Boxes,
    Buttons,
    List,
    MayBeFull,
    field_name,
    initial_of,
    plain_widget,
)
from registrations.services.answer_cleaning import Consent
from registrations.services.answer_values import FileRef, Given
from registrations.services.form_definition import NOTHING_ASKED, Ask, Choice, FormDefinition
from registrations.services.uploads import token_of

if TYPE_CHECKING:
    from django.http import QueryDict

# More options than these are a list to open instead of buttons.
MOST_BUTTONS: Final = 8


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A heading with its questions; without a heading at first."""

    title: str
    description: str
    fields: tuple[AskBoundField, ...]


class QuestionsForm(forms.Form):
    """A form with the questions of a conference behind its own fields."""

    form_definition: FormDefinition = NOTHING_ASKED
    reader: Reader

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files_here: dict[str, FileRef] = {}
        self.file_errors: dict[str, str] = {}
        self.given: dict[str, Given] = {}
        self.standing: dict[str, Any] = {}

    def ask(
        self,
        definition: FormDefinition,
        reader: Reader,
        *,
        given: Mapping[str, Given] | None = None,
        standing: Mapping[str, Any] | None = None,
    ) -> None:
        """Put the questions into the form, in place of those that are there.

        Arguments:
            given: what was answered before, by slug.
            standing: consents that stand, slug -> the texts that were agreed to.
        """
        self.form_definition = definition
        self.reader = reader
        self.given = dict(given or {})
        self.standing = dict(standing or {})
        for name in [name for name in self.fields if name[:2] in {"q-", "c-", "f-", "x-"}]:
            del self.fields[name]
        for ask in definition.asks:
            field = self._field(ask)
            field.rule = self._rule(ask, {})
            self.fields[field_name(ask)] = field
            if ask.kind == QuestionKind.FILE:
                self.fields[f"f-{ask.slug}"] = forms.CharField(
                    required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
                )
        bound: dict[str, Any] = self._bound_fields_cache  # type: ignore[attr-defined]  # Django's
        bound.clear()

    def leave_out(self, ask: Ask) -> None:
        """Take a question out of the page."""
        self.fields.pop(field_name(ask))
        self.fields.pop(f"f-{ask.slug}", None)
        asks = tuple(one for one in self.form_definition.asks if one.slug != ask.slug)
        self.form_definition = FormDefinition(asks)

    def rule_for(self, type_names: Mapping[str, str]) -> None:
        """Say of each question for whom it is, where the reader chooses between these types."""
        for ask in self.form_definition.asks:
            field = self.fields[field_name(ask)]
            if isinstance(field, AskField):
                field.rule = self._rule(ask, type_names)

    @property
    def sections(self) -> list[ShownSection]:
        """The questions under their headings, in order."""
        found: list[ShownSection] = []
        for section, asks in groupby(self.form_definition.asks, key=lambda ask: ask.section):
            fields: list[Any] = [self[field_name(ask)] for ask in asks]
            title = self.reader.text(section.title) if section else ""
            description = self.reader.text(section.description) if section else ""
            found.append(ShownSection(title, description, tuple(fields)))
        return found

    @property
    def has_rules(self) -> bool:
        """Whether some questions are asked of some people only."""
        return any(getattr(field, "rule", "") for field in self.fields.values())

    def raw_answers(self, type_slug: str) -> dict[str, Any]:
        """Return what was sent for the questions of a type, by slug."""
        found: dict[str, Any] = {}
        for ask in self.form_definition.for_type(type_slug).questions:
            if ask.kind == QuestionKind.FILE:
                found[ask.slug] = self.files_here.get(ask.slug) or self._kept_file(ask)
            else:
                field = self[field_name(ask)]
                found[ask.slug] = field.data
        return found

    def raw_consents(self, type_slug: str) -> list[Consent]:
        """Return what was ticked, with the version that stood beside it."""
        ticked = []
        for ask in self.form_definition.for_type(type_slug).consents:
            shown = self.data.get(self.add_prefix(field_name(ask)))
            if shown:
                stands = ask.slug in self.standing
                number = int(shown) if str(shown).isascii() and str(shown).isdigit() else None
                ticked.append(Consent(ask.slug, None if stands else number))
        return ticked

    def take_files(self, files: Mapping[str, FileRef], errors: Mapping[str, str]) -> None:
        """Put files that were kept into the form, and say beside a question what was wrong.

        Arguments:
            files: by slug; the form carries their tokens when it is sent again.
            errors: by slug, for files that were not taken.
        """
        self.files_here = dict(files)
        self.file_errors = dict(errors)
        for ask in self.form_definition.questions:
            if ask.kind == QuestionKind.FILE and self.is_bound:
                here = files.get(ask.slug)
                self._say(f"f-{ask.slug}", token_of(here) if here else "")

    def _say(self, name: str, value: str) -> None:
        """Put a value in place of what was sent."""
        data = cast("QueryDict", self.data).copy()
        data[name] = value
        self.data = data

    def on_version(self, version: int) -> None:
        """Let what was typed be sent again on what holds now: that is the reader's decision."""
        self._say("version", str(version))

    def say_file_errors(self, type_slug: str = "") -> None:
        """Say beside its question why a file was not taken, where it is asked for."""
        for slug, sentence in self.file_errors.items():
            ask = self.form_definition.find(slug)
            if ask is not None and (not type_slug or ask.is_for(type_slug)):
                self.add_error(field_name(ask), sentence)

    def say_wrong(self, refusal: DomainError) -> None:
        """Say refused answers beside their questions, and what has no place in the summary."""
        by_slug = getattr(refusal, "by_slug", None)
        pairs = (
            by_slug
            if by_slug is not None
            else [(e.pointer.rpartition("/")[2], e) for e in refusal.errors]
        )
        for slug, error in pairs:
            ask = self.form_definition.find(slug)
            if slug in self.file_errors:
                continue  # said already, and better
            if ask is not None and error.code == "changed":
                # These words were not read: what was ticked is no agreement to them.
                self._say(field_name(ask), "")
            if ask is not None and error.code == "gone":
                self.files_here.pop(slug, None)
                self._say(f"f-{slug}", "")
            self.add_error(field_name(ask) if ask else None, error.detail)

    def _kept_file(self, ask: Ask) -> FileRef | None:
        """Return the file of an earlier answer, unless it is to go."""
        before = self.given.get(ask.slug)
        if before is None or self.data.get(f"x-{ask.slug}"):
            return None
        return before.file

    def file_name(self, ask: Ask) -> str:
        """Return the name of the file that is here for a question."""
        here = self.files_here.get(ask.slug)
        if here is None and ask.slug in self.given and not self.data.get(f"x-{ask.slug}"):
            here = self.given[ask.slug].file
        return here.name if here else ""

    def _rule(self, ask: Ask, type_names: Mapping[str, str]) -> str:
        rules = []
        if ask.types and len(type_names) > 1 and not set(type_names) <= ask.types:
            names = [name for slug, name in type_names.items() if slug in ask.types]
            rules.append(_("Only for: %(types)s.") % {"types": ", ".join(names)})
        before = self.form_definition.before(ask)
        if before is not None and ask.shown_if is not None:
            answers = [self._answer_words(before, one) for one in ask.shown_if.answers]
            rules.append(
                _("Only if you answer “%(question)s” with: %(answers)s.")
                % {"question": self.reader.text(before.label), "answers": ", ".join(answers)}
            )
        return " ".join(rules)

    def _answer_words(self, ask: Ask, answer: str) -> str:
        option = ask.option(answer)
        if option is not None:
            return self.reader.text(option.label)
        return _("Yes") if answer == "yes" else _("No") if answer == "no" else answer

    def _field(self, ask: Ask) -> AskField:
        given = self.given.get(ask.slug)
        field = AskField(
            label=self.reader.text(ask.label),
            help_text=escape(self.reader.text(ask.help_text)),
            required=ask.required,
            widget=self._widget(ask, given),
            initial=initial_of(given),
        )
        field.ask = ask
        if ask.kind == QuestionKind.FILE:
            field.template_name = "registrations/public/file_field.html"
        if ask.is_consent:
            field.template_name = "registrations/public/consent_field.html"
            field.initial = ask.slug in self.standing
        return field

    def _widget(self, ask: Ask, given: Given | None) -> forms.Widget:
        if ask.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
            return self._choices(ask, given)
        if ask.kind == QuestionKind.YES_NO:
            buttons = Buttons(choices=[("yes", _("Yes")), ("no", _("No"))])
            if not ask.required:
                buttons.choices = [*buttons.choices, ("", _("No answer"))]
            return buttons
        if ask.kind == QuestionKind.COUNTRY:
            names = country_names(self.reader.tag)
            return List(
                attrs={"autocomplete": "country"},
                choices=[("", _("Choose a country")), *names.items()],
            )
        if ask.kind == QuestionKind.CONSENT:
            version = ask.wording.number if ask.wording else 0
            return forms.CheckboxInput(attrs={"value": version})
        return plain_widget(ask)

    def _choices(self, ask: Ask, given: Given | None) -> forms.Widget:
        kept = {option.id for option in given.options} if given else set()
        options = [one for one in ask.options if one.active or one.id in kept]
        full = frozenset(one.slug for one in options if one.is_full and one.id not in kept)
        choices = [(one.slug, self._option_words(one, full)) for one in options]
        if ask.kind == QuestionKind.CHOICES:
            widget: MayBeFull = Boxes(choices=choices)
        elif len(choices) > MOST_BUTTONS:
            widget = List(choices=[("", _("Choose an answer")), *choices])
        else:
            nothing = [] if ask.required else [("", _("No answer"))]
            widget = Buttons(choices=[*choices, *nothing])
        widget.full = full
        return widget

    def _option_words(self, option: Choice, full: frozenset[str]) -> str:
        label = self.reader.text(option.label)
        return _("%(option)s (full)") % {"option": label} if option.slug in full else label
