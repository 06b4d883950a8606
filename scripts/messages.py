"""Catalogues of what guests read, made by Babel: no gettext tools are needed.

`python -m scripts.messages` writes what the code says now into the .po files, keeps all
translations and compiles the .mo files beside them. The console is English and stays outside.
What is translated into Serbian in Latin comes into the Cyrillic catalogue as a draft, marked fuzzy:
it stays out of the .mo file until somebody has read it and taken the mark away.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from scripts.serbian import to_cyrillic

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("sr_Latn", "sr_Cyrl", "ru")
# What guests, and organisers who sign in, read.
SOURCES = (
    "accounts/templates/accounts/mails/*.txt",
    "config/account_forms.py",
    "config/templates/*.html",
    "config/templates/account/**/*",
    "config/templates/allauth/**/*.html",
    "config/templates/components/form_errors.html",
    "config/templates/components/language.html",
    "config/templates/components/theme.html",
    "config/templates/django/**/*.html",
    "config/templates/layouts/account.html",
    "config/templates/layouts/public.html",
    "console/donor_pack/papers.py",
    "core/errors.py",
    "core/forms.py",
    "core/middleware.py",
    "core/services/files.py",
    "core/services/idempotency.py",
    "core/templates/refused.html",
    "core/views/links.py",
    "events/forms/giving.py",
    "events/forms/quoting.py",
    "events/sentences.py",
    "events/services/briefings.py",
    "events/services/calendar_entries.py",
    "events/services/calendar_feeds.py",
    "events/services/cards.py",
    "events/services/giving.py",
    "events/services/programme_sheet.py",
    "events/services/quote_answers.py",
    "events/services/selections.py",
    "events/services/slide_files.py",
    "events/services/speaker_answers.py",
    "events/templates/events/public/*.html",
    "events/templates/events/speaker/*.html",
    "events/templates/events/quote/*.html",
    "events/views/public/*.py",
    "events/views/quote/*.py",
    "events/views/speaker/*.py",
    "events/words.py",
    "notifications/templates/notifications/preferences.html",
    "notifications/views/preferences.py",
    "registrations/api/**/*.py",
    "registrations/forms/guest.py",
    "registrations/forms/invitation.py",
    "registrations/forms/asked_questions.py",
    "registrations/forms/party.py",
    "registrations/forms/sessions.py",
    "registrations/forms/substitute.py",
    "registrations/services/*.py",
    "registrations/templates/registrations/public/*.html",
    "registrations/validators.py",
    "registrations/views/public/*.py",
    "registrations/words.py",
)
# The page that shows the components is for developers.
LEFT_OUT = frozenset({"config/templates/components_page.html"})
KEYWORDS = (
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "npgettext",
    "npgettext_lazy",
    "pgettext",
    "pgettext_lazy",
)
WIDTH = 100


def po_path(locale: str) -> Path:
    return ROOT / "config" / "locale" / locale / "LC_MESSAGES" / "django.po"


def mo_path(locale: str) -> Path:
    return po_path(locale).with_suffix(".mo")


def sources() -> Iterator[Path]:
    """Return the files with words for guests, each once and in order."""
    found = {path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()}
    for path in sorted(found):
        if path.relative_to(ROOT).as_posix() not in LEFT_OUT:
            yield path


def collect() -> Catalog:
    """Return what the sources mark for translation; a plural is a pair."""
    catalogue = Catalog(charset="utf-8")
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for msgid, context in _messages(path):
            catalogue.add(msgid, context=context, locations=[(place, 0)])
    return catalogue


def _messages(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django writes a template as calls amid blanked-out text; tokens want no indentation.
        text = "\n".join(line.strip() for line in str(templatize(text)).splitlines())
    found: Iterable[Any] = extract_python(
        io.BytesIO(text.encode()), dict.fromkeys(KEYWORDS), (), {}
    )
    for _line, function, words, _comments in found:
        given = list(words) if isinstance(words, tuple) else [words]
        context = given.pop(0) if "pgettext" in function else None
        if function.startswith("n"):
            yield (given[0], given[1]), context
        elif given[0]:
            yield given[0], context


def read(locale: str) -> Catalog:
    """Return a catalogue as its .po file has it."""
    with po_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def main() -> int:
    """Bring the .po files up to date and compile them; tell how many words are missing."""
    settings.configure()
    missing = 0
    wanted = collect()
    for locale in LOCALES:
        catalogue = read(locale)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        if locale == "sr_Cyrl":
            draft_in_cyrillic(catalogue, read("sr_Latn"))
        with po_path(locale).open("wb") as file:
            write_po(file, catalogue, width=WIDTH, sort_output=True)
        with mo_path(locale).open("wb") as file:
            write_mo(file, catalogue)
        without = [message for message in catalogue if message.id and not _is_whole(message)]
        missing += len(without)
        print(f"{locale}: {len(catalogue)} messages, {len(without)} without a translation")
    return 1 if missing else 0


def draft_in_cyrillic(cyrillic: Catalog, latin: Catalog) -> None:
    """Put a draft of the Latin translation where the Cyrillic one is missing."""
    for message in cyrillic:
        model = latin.get(message.id, message.context) if message.id else None
        if model is None or not _is_whole(model) or any(_forms(message)):
            continue
        forms = tuple(to_cyrillic(form) for form in _forms(model))
        message.string = forms[0] if isinstance(model.string, str) else forms
        message.flags.add("fuzzy")


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ())


def _is_whole(message: Message) -> bool:
    """Tell whether a message has its translation, read by somebody, in all its plural forms."""
    return bool(message.string) and all(_forms(message)) and not message.fuzzy


if __name__ == "__main__":
    sys.exit(main())
