"""What a column of a guest list holds, guessed from its header in English, Serbian or Russian."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.text import LANGUAGES, search_key

# What a column can be, as the page of an import offers it. "" is left out.
COLUMNS: Final[dict[str, str]] = {
    "": "Leave out",
    "honorific": "Title",
    "given_name": "Given name",
    "family_name": "Family name",
    "full_name": "Full name",
    "email": "E-mail",
    "phone": "Phone",
    "affiliation": "Organisation",
    "position": "Position",
    "language": "Language",
    "tags": "Tags",
    "plus_one": "May bring somebody",
    "assistant_name": "Assistant's name",
    "assistant_email": "Assistant's e-mail",
    "code": "Code of the person",
    "notes": "Notes",
    **{f"salutation.{tag}": f"Salutation ({name})" for tag, name in LANGUAGES.items()},
}
# Compared by search key: without marks, in Latin letters, so "Институција" is "institucija".
_WORDS: Final[dict[str, str]] = {
    "honorific": "title;honorific;titula;zvanje;obrascenie;obrashchenie;titul;zvanie",
    "given_name": "given name;first name;name first;forename;ime;imja;ima",
    "family_name": "family name;last name;surname;prezime;familija;familia",
    "full_name": "name;full name;guest;ime i prezime;prezime i ime;puno ime;gost;fio"
    ";imja i familija",
    "email": "email;e-mail;mail;e mail;email address;e-mail address;e-posta;eposta;imejl;mejl"
    ";adresa e-poste;elektronska posta;pochta;pocta;elektronnaja pocta;el. pocta;el pocta",
    "phone": "phone;telephone;mobile;tel;telefon;mobilni;kontakt telefon;br. telefona",
    "affiliation": "affiliation;organisation;organization;institution;company;institucija;ustanova"
    ";organizacija;firma;ucrezdenie;institut",
    "position": "position;job title;role;post;funkcija;pozicija;radno mesto;dolznost;dolznost'",
    "language": "language;jezik;jazyk;jazik",
    "tags": "tags;tag;sector;group;category;oznake;oznaka;sektor;grupa;kategorija;metki;gruppa",
    "plus_one": "plus one;plus 1;+1;companion;pratnja;pratilac;sa pratnjom;sputnik",
    "assistant_name": "assistant;assistant name;asistent;sekretar;sekretarica;pomoscnik"
    ";asistent ime",
    "assistant_email": "assistant email;assistant e-mail;email asistenta;e-mail asistenta"
    ";e-posta asistenta;email pomoscnika",
    "code": "code;person code;sifra;kod",
    "notes": "note;notes;remark;napomena;napomene;primecanie",
    "salutation.en": "salutation;salutation en;salutation english;salutation (english)",
    "salutation.sr-Latn": "oslovljavanje;pozdrav;salutation sr;salutation sr-latn"
    ";salutation serbian;obracanje",
    "salutation.sr-Cyrl": "salutation sr-cyrl;oslovljavanje cirilica;obracanje cirilica",
    "salutation.ru": "salutation ru;salutation russian;obrascenie v pisme",
}
_FIELD_OF: Final = {
    search_key(word): field for field, words in _WORDS.items() for word in words.split(";")
}


def guess_columns(header: Sequence[str]) -> list[str]:
    """Return the field of each column, "" where nothing is known; no field stands twice."""
    found: list[str] = []
    for title in header:
        key = search_key(title.replace("_", " ").strip(" .:*"))
        field = _FIELD_OF.get(key, "")
        found.append("" if field in found else field)
    if "family_name" in found and "given_name" not in found and "full_name" in found:
        found[found.index("full_name")] = "given_name"  # "Name, Surname"
    if {"given_name", "family_name"} <= set(found) and "full_name" in found:
        found[found.index("full_name")] = ""
    return found
