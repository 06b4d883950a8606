"""What agendas say beside the programme: "(tbc)", Chatham House, labels such as "Room:"."""

from __future__ import annotations

import re
from typing import Final

from events.enums import Attribution
from events.exchange.agenda.words import Phrases, keys, words_of

_OPEN: Final = Phrases(
    {
        False: (
            "tbc,t b c,to be confirmed,bpv,u najavi,bice potvrdjeno,bice potvrdjen,bice potvrdjena,"
            "ceka se potvrda,ceka potvrdu,potvrda u toku,pozvan,pozvana,invited,tentative,pending,"
            "nepotvrdjeno,unconfirmed,not confirmed,awaiting confirmation,subject to confirmation"
        ),
        True: "confirmed,potvrdjeno,potvrdjen,potvrdjena",
    }
)
_REMOTE: Final = Phrases(
    {
        True: (
            "virtually,online,remotely,via zoom,via video link,by video link,video message,"
            "video link,onlajn,putem zoom,putem video linka,video poruka,via skype,in person,uzivo"
        )
    }
)
_UNKNOWN: Final = Phrases(
    {
        True: (
            "tba,tbd,t b a,to be announced,to be determined,bice najavljeno,"
            "bice naknadno objavljeno,"
            "naknadno,bice objavljeno,n n,nn,speaker tba,speaker tbc,name tbc"
        )
    }
)
_ATTRIBUTIONS: Final = Phrases(
    {
        Attribution.CHATHAM_HOUSE: (
            "chatham house rule,chatham house rules,chatham house,catam haus,catam hausa,"
            "cetam haus,cetam hausa,cetem haus,cetem hausa,cetam hauz,cetem haus pravil-"
        ),
        Attribution.CLOSED: (
            "closed session,closed door,closed doors,closed to the press,closed to media,"
            "closed to the media,not open to the public,off the record,zatvorena sesija,zatvoren-,"
            "zatvoren- za javnost,zatvoren- za medije,bez prisustva medija,closed"
        ),
        Attribution.ON_THE_RECORD: (
            "on the record,open to the press,open to media,open to the media,open session,"
            "otvoreno za medije,otvoreno za javnost"
        ),
    }
)
_CANCELLED: Final = Phrases({True: "cancelled,canceled,otkazano,otkazana,otkazan"})
_RECORDED: Final = Phrases(
    {
        True: (
            "will be recorded,is recorded,recorded,bice snimljen,bice sniman,bice snimana,snima se,"
            "snimanje"
        )
    }
)
_FIELDS: Final = Phrases(
    {
        "room": "room,hall,sala,dvorana,prostorija,ucionica",
        "place": "venue,location,place,where,mesto,lokacija,gde,mesto odrzavanja,adresa,address",
        "day": "date,datum,day,dan,kada,when,vreme i datum,datum i vreme,date and time",
        "time": "time,vreme,start,pocetak,satnica",
        "minutes": "duration,trajanje,length",
        "title": "title,naslov,naziv",
        "theme": "topic,topics,theme,themes,tema,teme",
        "abstract": "abstract,description,opis,apstrakt,sazetak,summary,about,o panelu,o sesiji",
        "language": "language,jezik,working language,radni jezik,languages,jezici",
        "track": "track,stream,tematska celina,strand",
        "link": "slides,recording,paper,link,registration link,prezentacija link,snimak",
        "outside": (
            "organiser,organisers,organizer,organizers,organised by,organized by,organizator,"
            "organizatori,contact,kontakt,rsvp,partner,partners,partneri,supported by,podrzali,"
            "podrska,funded by,donor,donators,phone,tel,telefon,email,e mail,web,website,"
            "in cooperation with,u saradnji sa,registration by,prijave,note,napomena"
        ),
    }
)
_LANGUAGES: Final = Phrases(
    {
        "en": "english,engleski,en",
        "sr-Latn": "serbian,srpski,sr",
        "ru": "russian,ruski",
        "bs": "bosnian,bosanski",
        "hr": "croatian,hrvatski",
        "sq": "albanian,albanski",
        "mk": "macedonian,makedonski",
        "de": "german,nemacki",
        "fr": "french,francuski",
    }
)
_FILLERS: Final = words_of(
    """
    ova ovaj ovo
    the of and rule rules under held is this event session applies apply all by u pod po
    pravilu pravilo pravilima vazi sesija dogadjaj se odrzava skup je a please note that
    will be conducted to an under meeting discussion for invitees only invited guests for panel
    workshop conference whole entire meeting panela sesiju panelu dogadjaja haus pravila
    """
)
_COLON: Final = re.compile(r"\s*:\s*")


def confirmation(text: str) -> bool | None:
    """Return what a text says of a confirmation: False for "tbc"; None when it says nothing."""
    return _OPEN.whole(keys(text), _FILLERS) if len(text) < 60 else None  # noqa: PLR2004 - a remark is short


def is_remote(text: str) -> bool:
    """Return whether a text says only that somebody takes part from afar."""
    return len(text) < 60 and bool(_REMOTE.whole(keys(text), _FILLERS))  # noqa: PLR2004 - a remark is short


def is_unknown(text: str) -> bool:
    """Return whether a text stands where a name will be: "TBA"."""
    return len(text) < 60 and bool(_UNKNOWN.whole(keys(text), _FILLERS))  # noqa: PLR2004 - a remark is short


def attribution(text: str, *, alone: bool = True) -> Attribution | None:
    """Return what a text says of what may be said outside.

    Arguments:
        alone: whether it must say nothing else.
    """
    words = keys(text[:300])
    if alone:
        return _ATTRIBUTIONS.whole(words, _FILLERS)
    hit = _ATTRIBUTIONS.first(words)
    return hit[0] if hit and hit[2] > 1 else None


def is_cancelled(text: str) -> bool:
    """Return whether a text says that something does not take place."""
    return bool(_CANCELLED.whole(keys(text), _FILLERS))


def is_recorded(text: str) -> bool:
    """Return whether a text says that a session is recorded, and nothing else."""
    return bool(_RECORDED.whole(keys(text), _FILLERS))


def part_field(text: str) -> tuple[str, str] | None:
    """Return the field that a label names ("Room: …") and what it says."""
    found = _COLON.search(text[:60])
    if not found:
        return None
    name = _FIELDS.whole(keys(text[: found.start()]), frozenset({"and", "i", "the"}))
    return (name, text[found.end() :]) if name else None


def field_of(text: str) -> str | None:
    """Return the field that a text names, for the heads of columns."""
    return _FIELDS.whole(keys(text))


def language_of(text: str) -> str:
    """Return the language that a text names, "" for none or several."""
    said = {hit[0] for hit in _LANGUAGES.all(keys(text[:80]))}
    return said.pop() if len(said) == 1 else ""
