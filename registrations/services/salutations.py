"""How a person is addressed: the words that somebody typed, else a plain greeting by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from core.text import full_name
from events.languages import CATALOGUES
from events.models import Person


@dataclass(frozen=True, slots=True)
class Salutation:
    """The first line of a letter, without the mark that ends it.

    Arguments:
        text: "Your Excellency", as typed, or "Dear Prof. Ana Petrović".
        is_doubtful: whether nobody typed one for that language, so that somebody should look.
    """

    text: str
    is_doubtful: bool


def salutation_of(person: Person, language: str) -> Salutation:
    """Return how a person is addressed in a language.

    A salutation in another language is never used in its place, and none is made up from a title.
    """
    typed = str((person.salutation or {}).get(language) or "").strip()
    if typed:
        return Salutation(typed, is_doubtful=False)
    name = full_name(person.honorific, full_name(person.given_name, person.family_name))
    with translation.override(CATALOGUES.get(language, "en")):
        return Salutation(_("Dear %(name)s") % {"name": name}, is_doubtful=True)
