"""What a session is and what somebody does in it, told from the words that programmes use."""

from __future__ import annotations

import re
from typing import Final

from core.text import LANGUAGES, language_tag, search_key
from events.enums import ParticipationRole, SessionKind

# Words of a session's type, as search keys, most telling first.
_TYPES: Final[tuple[tuple[SessionKind, str], ...]] = (
    (SessionKind.KEYNOTE, "keynote keynotes"),
    (
        SessionKind.PANEL,
        "panel panels podium podiumsdiskussion roundtable round-table paneldiskussion panelist",
    ),
    (
        SessionKind.WORKSHOP,
        (
            "workshop workshops tutorial tutorials training hands-on codelab sprint sprints lab "
            "radionica radionice atelier masterclass masterskaja"
        ),
    ),
    (
        SessionKind.OPENING_REMARKS,
        "opening welcome closing otvaranje zatvaranje eroffnung ouverture cloture pozdravne",
    ),
    (
        SessionKind.BREAK,
        (
            "break breaks lunch coffee registration check-in checkin pause pauza pauze rucak "
            "service intermission breakfast"
        ),
    ),
    (
        SessionKind.RECEPTION,
        "reception party social dinner drinks concert performance ceremony koktel prijem vecera",
    ),
    (
        SessionKind.DISCUSSION,
        (
            "discussion diskussion debate debata bof meetup meeting meetings q&a fishbowl "
            "diskusija razgovor conversation networking"
        ),
    ),
)
_BY_WORD: Final = {word: kind for kind, words in _TYPES for word in words.split()}
_BREAK_TITLE: Final = re.compile(
    r"(?:\w+ )?(?:coffee|tea|lunch|snack|short)?[- ]?(?:break|lunch|breakfast|registration|"
    r"check[- ]in|intermission|pause|pauza|dejeuner|petit[- ]dejeuner|gouter|kafe pauza|rucak|"
    r"buffet|snack time|registracija|accueil|accueil congressistes)s?(?: (?:time|pauza|cafe))?"
)
_KEYNOTE_TITLE: Final = re.compile(r"(?:opening |closing )?keynote\b.*|.*\bkeynote")
_PANEL_TITLE: Final = re.compile(
    r"panel(?: discussion| session)?(?: ?[:\-–].*)?|.*\bpanel discussion"
)
_WORKSHOP_TITLE: Final = re.compile(r"(?:\[?workshop\]?|radionica) ?[:\-–].*|workshop")
_OPENING_TITLE: Final = re.compile(
    r"(?:opening|closing|welcome|welcoming)(?: (?:remarks|speech(?:es)?|session|ceremony|address|"
    r"plenary|event|words))?|welcome to .{1,60}|.{1,60} (?:opening|closing) (?:event|ceremony)"
)
_RECEPTION_TITLE: Final = re.compile(
    r"(?:\w+ )?(?:reception|party|dinner|cocktail|social event|get[- ]together)"
)
_ROLES: Final[dict[str, ParticipationRole]] = {
    "moderator": ParticipationRole.MODERATOR,
    "moderation": ParticipationRole.MODERATOR,
    "moderated": ParticipationRole.MODERATOR,
    "moderatorka": ParticipationRole.MODERATOR,
    "chair": ParticipationRole.MODERATOR,
    "chairman": ParticipationRole.MODERATOR,
    "chairwoman": ParticipationRole.MODERATOR,
    "chairperson": ParticipationRole.MODERATOR,
    "session_chair": ParticipationRole.MODERATOR,
    "facilitator": ParticipationRole.MODERATOR,
    "panelist": ParticipationRole.PANELLIST,
    "panellist": ParticipationRole.PANELLIST,
    "panelista": ParticipationRole.PANELLIST,
    "keynote": ParticipationRole.KEYNOTE,
    "keynote_speaker": ParticipationRole.KEYNOTE,
    "presenter": ParticipationRole.PRESENTER,
    "discussant": ParticipationRole.DISCUSSANT,
    "rapporteur": ParticipationRole.RAPPORTEUR,
    "interpreter": ParticipationRole.INTERPRETER,
    "translator": ParticipationRole.INTERPRETER,
    "host": ParticipationRole.HOST,
    "organizer": ParticipationRole.HOST,
    "organiser": ParticipationRole.HOST,
    "opening_remarks": ParticipationRole.OPENING_REMARKS,
}
_DEFAULT_ROLES: Final[dict[str, ParticipationRole]] = {
    SessionKind.PANEL: ParticipationRole.PANELLIST,
    SessionKind.DISCUSSION: ParticipationRole.PANELLIST,
    SessionKind.KEYNOTE: ParticipationRole.KEYNOTE,
    SessionKind.OPENING_REMARKS: ParticipationRole.OPENING_REMARKS,
    SessionKind.BREAK: ParticipationRole.HOST,
    SessionKind.RECEPTION: ParticipationRole.HOST,
}
_LANGUAGE_NAMES: Final[dict[str, str]] = {
    "english": "en", "englisch": "en", "anglais": "en", "engleski": "en", "eng": "en",
    "serbian": "sr-Latn", "srpski": "sr-Latn", "srp": "sr-Latn", "serbisch": "sr-Latn",
    "russian": "ru", "ruski": "ru", "russkij": "ru", "russisch": "ru", "rus": "ru",
    "german": "de", "deutsch": "de", "french": "fr", "francais": "fr", "chinese": "zh",
    "中文": "zh", "漢語": "zh", "japanese": "ja", "日本語": "ja", "spanish": "es", "espanol": "es",
    "italian": "it", "italiano": "it", "albanian": "sq", "shqip": "sq",
}  # fmt: skip
_NAME_ROLE: Final = re.compile(
    r"^(.+?)\s*[(\[]\s*([\w .-]{3,30})\s*[)\]]\s*$|^([\w ]{3,30}):\s+(.+)$"
)


def kind_of(kind: str, title: str, *, people: int) -> str:
    """Return a value of SessionKind.

    Arguments:
        kind: the type as the file names it; what it says plainly counts more than the title.
        people: how many speak; a lunch at which somebody speaks is no break.
    """
    plain = search_key(kind[:200])
    own = plain.replace(" ", "_").replace("-", "_")
    if own in SessionKind.values:
        return own
    said = next(
        (_BY_WORD[word] for word in re.split(r"[\s,/()]+", plain) if word in _BY_WORD), None
    )
    if said and not (said == SessionKind.BREAK and people):
        return said.value
    return _kind_of_title(search_key(title[:300]), people=people).value


def _kind_of_title(title: str, *, people: int) -> SessionKind:
    if not people and _BREAK_TITLE.fullmatch(title):
        return SessionKind.BREAK
    if not people and _RECEPTION_TITLE.fullmatch(title):
        return SessionKind.RECEPTION
    for pattern, kind in (
        (_PANEL_TITLE, SessionKind.PANEL),
        (_KEYNOTE_TITLE, SessionKind.KEYNOTE),
        (_WORKSHOP_TITLE, SessionKind.WORKSHOP),
        (_OPENING_TITLE, SessionKind.OPENING_REMARKS),
    ):
        if pattern.fullmatch(title):
            return kind
    return SessionKind.PRESENTATION


def role_of(word: str, kind: str) -> str:
    """Return a value of ParticipationRole: what the word says, else what is usual in the kind."""
    said = _ROLES.get(search_key(word[:60]).replace(" ", "_").replace("-", "_"))
    return (said or _DEFAULT_ROLES.get(kind, ParticipationRole.PRESENTER)).value


def split_role(name: str) -> tuple[str, str]:
    """Part a role from a name that carries it: "Ana Kovač (moderator)", "Chair: Ana Kovač"."""
    match = _NAME_ROLE.match(name[:300])
    if match:
        bare, word = (match[1], match[2]) if match[1] else (match[4], match[3])
        if search_key(word).replace(" ", "_").replace("-", "_") in _ROLES:
            return bare.strip(), word
    return name, ""


def language_of(text: str) -> str:
    """Return the BCP 47 tag of a language by its tag or name, "" where it is none."""
    plain = text.strip()[:40]
    if named := _LANGUAGE_NAMES.get(search_key(plain)) or _LANGUAGE_NAMES.get(plain):
        return named
    try:
        tag = language_tag(plain.replace("_", "-"))
    except ValueError:
        return ""
    if tag in LANGUAGES:
        return tag
    primary = tag.split("-", maxsplit=1)[0]
    return language_tag(primary) if primary in {"en", "ru", "sr"} else tag
