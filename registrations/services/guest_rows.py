"""One row of a guest list: cleaned as people's facts are, with what is wrong said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from core.cleaning import Wrong
from core.slugs import is_slug
from core.text import LANGUAGES, search_key
from events.services.people import ASSISTANT_CLEANERS, CLEANERS
from events.services.tags import read_tags

# By search key, so that "ћирилица" is "cirilica".
_LANGUAGES: Final = {
    "en": "en eng english engleski anglijskij",
    "sr-Latn": "sr srp sr-latn serbian srpski latinica serbskij srpski(latinica)",
    "sr-Cyrl": "sr-cyrl cirilica cyrillic srpski(cirilica)",
    "ru": "ru rus russian ruski russkij",
}
_LANGUAGE_OF: Final = {word: tag for tag, words in _LANGUAGES.items() for word in words.split()}
_YES: Final = frozenset(("yes", "y", "da", "d", "1", "true", "x", "+"))
_NO: Final = frozenset(("no", "n", "ne", "net", "0", "false", "-", ""))
_PLAIN: Final = (
    *("honorific", "given_name", "family_name", "email", "phone", "affiliation", "position"),
    "notes",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that can not be taken."""

    field: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class GuestRow:
    """A row that was read.

    Arguments:
        number: its line in the file, as a spreadsheet counts.
        facts: fields of a person as their service takes them; only those that the row says.
        tags: slug -> word as it stands there.
        assistant: name and e-mail, both or none.
        plus_one: None where the row does not say.
    """

    number: int
    facts: Mapping[str, Any]
    code: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    salutation: Mapping[str, str] = field(default_factory=dict)
    assistant: tuple[str, str] | None = None
    plus_one: bool | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        parts = (self.facts.get("given_name", ""), self.facts.get("family_name", ""))
        return " ".join(part for part in parts if part)

    @property
    def email(self) -> str:
        return str(self.facts.get("email", ""))


def read_row(number: int, columns: Sequence[str], cells: Sequence[str]) -> GuestRow:
    """Return what a row says.

    Arguments:
        columns: which field each cell holds; "" is left out.
    """
    said = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    if "full_name" in said:
        given, _space, family = said.pop("full_name").rpartition(" ")
        names = {"given_name": given or family, "family_name": family if given else ""}
        said = {**names, **{k: v for k, v in said.items() if v}}
    problems: list[Problem] = []
    facts: dict[str, Any] = {
        name: value
        for name in _PLAIN
        if name in said
        and (value := _clean(CLEANERS[name], name, said[name], problems)) not in ("", None)
    }
    if not facts.get("given_name") and not any(p.field == "given_name" for p in problems):
        if facts.get("family_name"):
            facts["given_name"] = facts.pop("family_name")  # a single name
        elif not said.get("code"):
            problems.append(Problem("given_name", "", "There is no name."))
    problems = [p for p in problems if p.field != "given_name" or not facts.get("given_name")]
    language = _language(said.get("language", ""), problems)
    if language:
        facts["language"] = language
    return GuestRow(
        number=number,
        facts=facts,
        code=said.get("code", "").strip().upper()[:6],
        tags={tag: word for tag, word in read_tags(said.get("tags", "")).items() if is_slug(tag)},
        salutation=_salutation(said, problems),
        assistant=_assistant(said, problems),
        plus_one=_plus_one(said, problems),
        problems=tuple(problems),
    )


def _clean(cleaner: Any, name: str, value: str, problems: list[Problem]) -> Any:
    try:
        return cleaner(value)
    except Wrong as wrong:
        problems.append(Problem(name, value[:80], wrong.detail))
        return ""


def _language(text: str, problems: list[Problem]) -> str:
    key = search_key(text).replace(" ", "")
    if not key:
        return ""
    tag = _LANGUAGE_OF.get(key, "")
    if not tag:
        known = ", ".join(LANGUAGES)
        sentence = f"This language is not known here. Known are {known}."
        problems.append(Problem("language", text[:80], sentence))
    return tag


def _salutation(said: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    texts = {tag: said[f"salutation.{tag}"] for tag in LANGUAGES if said.get(f"salutation.{tag}")}
    try:
        return dict(CLEANERS["salutation"](texts))
    except Wrong as wrong:
        problems.append(Problem("salutation", "", wrong.detail))
        return {}


def _assistant(said: Mapping[str, str], problems: list[Problem]) -> tuple[str, str] | None:
    name, email = said.get("assistant_name", ""), said.get("assistant_email", "")
    if not name and not email:
        return None
    before = len(problems)
    clean_name = _clean(ASSISTANT_CLEANERS["name"], "assistant_name", name or email, problems)
    clean_email = _clean(ASSISTANT_CLEANERS["email"], "assistant_email", email, problems)
    if len(problems) == before and not clean_email:
        sentence = "An assistant has a name and an e-mail address."
        problems.append(Problem("assistant_email", name[:80], sentence))
    return None if len(problems) > before else (clean_name, clean_email)


def _plus_one(said: Mapping[str, str], problems: list[Problem]) -> bool | None:
    if "plus_one" not in said:
        return None
    key = search_key(said["plus_one"])
    if key not in _YES and key not in _NO:
        problems.append(Problem("plus_one", said["plus_one"][:80], "Write yes or no."))
    return key in _YES
