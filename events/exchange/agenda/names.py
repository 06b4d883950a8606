"""Names of people: honorifics taken off, given and family names parted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from events.exchange.agenda.affiliations import is_organisation_word, is_position_word
from events.exchange.agenda.kinds import is_label
from events.exchange.agenda.words import Phrases, key, keys, words_of

_HONORIFICS: Final = Phrases(
    {
        True: (
            "assistant professor,assistant prof,associate professor,full professor,"
            "vanredni profesor,redovni profesor,vanredna profesorka,redovna profesorka,"
            "mr,mrs,ms,miss,mx,dr,prof,professor,professort,emeritus professor,professor emeritus,"
            "h.e,h e,his excellency,her excellency,amb,ambassador,the hon,hon,the honourable,"
            "honourable,the right hon,the rt hon,rt hon,senator,sir,dame,lord,lady,rev,reverend,"
            "father,gen,"
            "general,col,colonel,maj,major,capt,captain,lt,lieutenant,adm,admiral,brig,uncle,aunty,"
            "nj.e,nj e,nj.k.v,njegova ekselencija,njena ekselencija,gospodin,gospodja,gospodjica,"
            "gdin,gdja,g-din,g-dja,gdica,g,mr sc,dr sc,doc,docent,docentkinja,vanr,red,"
            "akademik,akademkinja,ing,inz,dipl,msr,ambasador,ambasadorka,ambasadora,general-major,"
            "pukovnik,pukovnica,potpukovnik,kapetan,brigadni,profesor,profesorka,ministar,"
            "ministarka,minister,drzavni sekretar,otac,vladika,patrijarh,msgr,ass,asst,assoc,"
            "assist,"
            "associate,asist,habil,em,phdr,mgr"
        )
    }
)
# Said before a name, and as often after it: "Ambassador of Canada".
_OFFICES: Final = Phrases(
    {
        True: (
            "ambasad-,ambassador,minist-,profesor-,professor,senator,general,drzavni,associate,"
            "asist-,assist-,docent-,akademi-,captain,kapetan,colonel,pukovni-,father"
        )
    }
)
_COURTESY: Final = words_of("mr mrs ms dr prof h.e amb nj.e gdin gdja")
# Without a dot these are words of a sentence or initials.
_ONLY_WITH_DOT: Final = frozenset({"g", "hon", "gen", "em", "red", "ass", "associate"})
_AFTER: Final = words_of(
    """
    ao am ac oam psm qc kc obe mbe cbe kcmg cmg ma msc mba llm jd md fassa faiia frs faa mp
    mdb mlc mep mla phd ph.d m.a m.sc ll.m
    """
)
_DOCTORATES: Final = frozenset({"phd", "ph.d"})
_SEATS: Final = frozenset({"mp", "mep", "mlc", "mla", "mdb"})
_PARTICLES: Final = words_of(
    """
    van von de der den del della delle di da das dos do du des la le lo ten ter zu zur zum
    bin ibn al el af av y e
    """
)
_NOT_NAMES: Final = words_of(
    """
    the of and for in on at to with from by a an is are will be as or how what why who when
    where i u na za od do se je su sa iz kako sta zasto ko po o eu un uk us usa nato osce
    who oecd new key open all free good best more next first second third day week month
    year session part welcome public national international european global regional local
    world western eastern balkan balkans europe serbia security foreign policy politics
    trade climate energy defence defense media digital economic social human rights future
    question questions answers january february march july september
    october november december
    """
)
_MOST_WORDS: Final = 6
_PAIR: Final = 2
_ANDS: Final = frozenset({"y", "e"})
_LOUD: Final = frozenset({"HE", "H.E", "Nj.E", "Њ.Е"})  # noqa: RUF001 - as it is written


@dataclass(frozen=True, slots=True)
class Name:
    """Arguments:
    honorific: as it is written, before the name.
    seat: "MP" and the like after the name, which is a position.
    sure: False where it may be parted differently.
    doctor: whether the honorific was made of a "PhD" after the name.
    """

    honorific: str
    given: str
    family: str
    seat: str = ""
    sure: bool = True
    doctor: bool = False


def honorific_at_head(text: str) -> tuple[str, str]:
    """Return the honorifics that a text begins with, and the rest."""
    words = text.split(maxsplit=8)
    plain = [key(word) for word in words[:8]]
    place = 0
    while place < len(plain):
        length = _honorific(words, plain, place)
        if not length:
            break
        place += length
    if place == 0 or place >= len(words):
        return "", text
    return " ".join(words[:place]), text.split(maxsplit=place)[place]


def names_somebody(text: str) -> bool:
    """Return whether an honorific and a name stand somewhere in a text."""
    words = text.split()[:40]
    plain = [key(word) for word in words]
    return any(
        plain[i] in _COURTESY and i + 1 < len(words) and words[i + 1][0].isupper()
        for i in range(len(words))
    )


def begins_with_person(text: str) -> bool:
    """Return whether a phrase after a comma begins with another person, by their honorific."""
    honorific, rest = honorific_at_head(text)
    if not honorific:
        return False
    office = _OFFICES.at([key(honorific.split()[0])], 0)
    head = rest.split(",")[0].split("(")[0].split(" – ")[0].strip()
    return looks_like_name(head, fewest=2 if office else 1) and not (office and text[0].islower())


def _honorific(words: list[str], plain: list[str], place: int) -> int:
    """Return how many words at a place are an honorific."""
    word, following = words[place], words[place + 1 : place + 3]
    if word in _LOUD:
        return 1
    hit = _HONORIFICS.at(plain, place) if plain[place] else None
    if not hit or hit[1] > 1:
        return hit[1] if hit else 0
    if plain[place] in _ONLY_WITH_DOT and not word.endswith("."):
        professor = bool(following) and key(following[0]).startswith("prof")
        return int(plain[place] == "associate" and professor)
    if plain[place] == "g" and not word[0].islower():  # "G. Petar Perić"; else it is an initial
        full = [w for w in following if w[0].isupper() and w[1:2] not in {".", ","}]
        return int(len(full) == 2)  # noqa: PLR2004 - given and family name
    return 1


def looks_like_name(text: str, *, fewest: int = 2) -> bool:
    """Return whether a text can be a name: a few capitalised words that say nothing else."""
    words = text.split()
    if not fewest <= len(words) <= _MOST_WORDS or any(ch.isdecimal() for ch in text):
        return False
    while len(words) > fewest and _is_after(words[-1]):
        words.pop()
    big = 0
    for i, word in enumerate(words):
        plain = key(word)
        if plain in _PARTICLES and i and (word.islower() or i + 1 < len(words)):
            continue
        if not _is_name_word(word, plain):
            return False
        big += 1
    return big >= fewest and not is_label(text)


def _is_name_word(word: str, plain: str) -> bool:
    if not plain or not word[0].isupper() or plain in _NOT_NAMES:
        return False
    if word[-1] in ":;!?,)(/" or not all(ch.isalpha() or ch in "-'’.`" for ch in word):
        return False
    if word.endswith(".") and len(word) > 4:  # noqa: PLR2004 - a stem and an ending
        return False
    pieces = plain.split("-")
    return not any(is_position_word(piece) or is_organisation_word(piece) for piece in pieces)


def _is_after(word: str) -> bool:
    return key(word) in _AFTER and sum(ch.isupper() for ch in word) > 1


def part_name(text: str) -> Name:
    """Return the parts of a name: the given name first, or the family name in capitals."""
    honorific, rest = honorific_at_head(text)
    words = [word for word in rest.strip(" ,.;:–—-").split() if word.strip(",;")]
    seats = [w for w in words[1:] if key(w) in _SEATS and _is_after(w)]
    doctor = any(key(w) in _DOCTORATES and _is_after(w) for w in words[1:])
    tail: list[str] = []
    while len(words) > 1 and _is_after(words[-1]):
        tail.insert(0, words.pop().strip(",;"))
    words = [word.strip(",;") for word in words]
    tail = [w for w in tail if key(w) not in _SEATS | _DOCTORATES]
    given, family, sure = _parted(words)
    doctor = doctor and not honorific
    if doctor:
        honorific = "Dr"
    if family:
        family = " ".join([family, *tail])
    seat = " ".join(word.strip(",;") for word in seats)
    return Name(honorific, given, family, seat, sure, doctor)


def _parted(words: list[str]) -> tuple[str, str, bool]:
    """Return given name, family name, and whether that is sure."""
    if len(words) < _PAIR:
        return " ".join(words), "", False
    if loud := _by_capitals(words):
        return loud
    first = _first_of_family(words)
    if first:
        return " ".join(words[:first]), " ".join(words[first:]), True
    middle = words[1:-1]
    initials = all(word.endswith(".") or len(word) == 1 for word in middle)
    return " ".join(words[:-1]), words[-1], initials


def _by_capitals(words: list[str]) -> tuple[str, str, bool] | None:
    """Part "OKI Shoichi" and "Petar van der PETROVIĆ"."""
    loud = [len(word.strip(".")) > 1 and word.isupper() for word in words]
    if not any(loud) or all(loud):
        return None
    first, last = loud.index(True), len(loud) - loud[::-1].index(True)
    if not all(loud[first:last]) or (first and last < len(words)):
        return None
    while first > 1 and key(words[first - 1]) in _PARTICLES:
        first -= 1
    return " ".join(words[:first] + words[last:]), " ".join(words[first:last]), True


def _first_of_family(words: list[str]) -> int:
    """Return with which word the family name surely begins; 0 where that is not sure."""
    for i in range(1, len(words) - 1):
        if key(words[i]) in _PARTICLES - _ANDS:
            return i
    if len(words) > _PAIR + 1 and key(words[-2]) in _ANDS:  # "María García y López"
        return len(words) - 3
    if len(words) > _PAIR and all(_is_patronymic(word) for word in words[-2:]):
        return len(words) - 2
    return 1 if len(words) == _PAIR else 0


def _is_patronymic(word: str) -> bool:
    plain = key(word)
    return plain.endswith(("ic", "ov", "ova", "ski", "ska", "ev", "eva")) and len(plain) >= 4  # noqa: PLR2004 - a stem and an ending


def name_key(name: Name) -> str:
    """Return by what the same person is known again in one text."""
    plain = [w for w in keys(f"{name.given} {name.family}") if w not in _AFTER]
    return "-".join(plain)
