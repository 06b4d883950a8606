"""What a column of a programme holds, guessed from its header in English, Serbian or German."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.text import search_key

# What a column can be, as the page of an import offers it. "" is left out.
COLUMNS: Final[dict[str, str]] = {
    "": "Leave out",
    "id": "Identifier",
    "title": "Title",
    "kind": "Kind",
    "date": "Date",
    "day": "Number of the day",
    "start": "Start",
    "end": "End",
    "duration": "Duration",
    "room": "Room",
    "track": "Track",
    "abstract": "Abstract",
    "language": "Language",
    "speakers": "Speakers",
    "moderators": "Moderators",
    "role": "Role of the speakers",
    "honorific": "Title of the speaker",
    "position": "Position of the speaker",
    "affiliation": "Affiliation of the speaker",
    "email": "E-mail of the speaker",
    "link": "Link",
}
# Compared by search key: without marks, in Latin letters, so "Почетак" is "pocetak".
_WORDS: Final[dict[str, str]] = {
    "id": "id;code;session id;sifra;kod;rb;r.b;br;uid;guid",
    "title": "title;session;session title;topic;talk;name;subject;naslov;tema;naziv;sesija"
    ";titel;programme item;item;activity;aktivnost",
    "kind": "kind;type;session type;format;category;vrsta;tip;kategorija;art",
    "date": "date;datum;dan i datum;session date;start date",
    "day": "day;dan;tag;day number",
    "start": "start;start time;time;from;begin;begins;pocetak;vreme;od;vrijeme;satnica;uhrzeit"
    ";beginn;starts",
    "end": "end;end time;to;until;ends;kraj;do;zavrsetak;ende",
    "duration": "duration;length;minutes;min;trajanje;minuta;dauer",
    "room": "room;location;hall;venue;place;sala;prostorija;mesto;mjesto;lokacija;raum;stage;where"
    ";gde",
    "track": "track;theme;stream;tema bloka;blok;linija;pravac;tematska celina",
    "abstract": "abstract;description;summary;details;opis;sazetak;apstrakt;beschreibung"
    ";session description",
    "language": "language;jezik;sprache;lang",
    "speakers": "speakers;speaker;presenter;presenters;panelists;panellists;who;participants"
    ";speaker name;speaker names;govornici;govornik;predavac;predavaci;ucesnici;ucesnik;panelisti"
    ";izlagac;izlagaci;referent;referenten;person;lecturer",
    "moderators": "moderator;moderators;chair;session chair;facilitator;moderatorka;moderatori"
    ";predsedava;moderation",
    "role": "role;uloga;rolle",
    "honorific": "honorific;speaker title;titula;zvanje;anrede",
    "position": "position;job title;post;funkcija;pozicija;radno mesto",
    "affiliation": "affiliation;organisation;organization;institution;company;institucija;ustanova"
    ";organizacija;firma;kuca",
    "email": "email;e-mail;mail;speaker email;e-posta;imejl;mejl",
    "link": "link;url;file url;website;web;slides;prezentacija",
}
_FIELD_OF: Final = {
    search_key(word): field for field, words in _WORDS.items() for word in words.split(";")
}


def guess_columns(header: Sequence[str]) -> list[str]:
    """Return the field of each column, "" where nothing is known; no field stands twice."""
    found: list[str] = []
    for title in header:
        key = search_key(title.replace("_", " ").strip(" .:*#"))
        field = _FIELD_OF.get(key, "")
        found.append("" if field in found else field)
    return found


def known_columns(said: Sequence[str]) -> list[str]:
    """Keep what a column can be, each field once."""
    found: list[str] = []
    for name in said:
        found.append(name if name in COLUMNS and name not in found else "")
    return found


def is_programme(columns: Sequence[str]) -> bool:
    """Tell whether these are columns of a programme: titles, and when or who."""
    return "title" in columns and bool({"start", "date", "speakers", "room"} & set(columns))
