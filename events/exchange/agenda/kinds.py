"""Which words say what kind a session is, in English and Serbian; and which words are no title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from events.enums import SessionKind
from events.exchange.agenda.words import Phrases, keys, words_of

_BREAK_WORDS: Final = (
    "break,breaks,coffee,lunch,tea,refreshments,breakfast,registration,check in,group photo,"
    "family photo,doors open,arrival,arrivals,transfer,departure,networking,"
    "pauz-,kafa,kafe,kafu,rucak,ruckom,osvezenj-,registracij-,prijava ucesnika,okupljanje,"
    "prijavljivanje,zajednicka fotografija,grupna fotografija,dorucak,pereryv,kofe,obed"
)
# By rank: "panel discussion" is a panel, "welcome reception" a reception.
_KINDS: Final = Phrases(
    {
        SessionKind.PANEL: (
            "panel,panels,panel discussion,panel session,panel debate,panel diskusij-,"
            "panel-diskusij-,paneli,panela,round table,roundtable,okrugli sto,okruglog stola"
        ),
        SessionKind.WORKSHOP: "workshop,workshops,training,masterclass,radionic-,trening,exercise",
        SessionKind.KEYNOTE: (
            "keynote,keynotes,key note,keynote address,keynote speech,keynote lecture,"
            "plenary lecture,"
            "plenarno predavanje,glavno izlaganje,kljucno izlaganje,kljucni govor,kljucn-"
        ),
        SessionKind.RECEPTION: (
            "reception,cocktail-,dinner,drinks,party,nightcap,nightcaps,wine,banquet,gala,koktel-,"
            "prijem,vecera,svecana vecera,zakuska,druzenje,furset"
        ),
        SessionKind.BREAK: _BREAK_WORDS,
        SessionKind.DISCUSSION: (
            "discussion,discussions,debate,question,questions,q and a,questions and answers,"
            "conversation,fireside chat,open floor,diskusij-,rasprav-,pitanja,"
            "pitanja i odgovori,debat-,razgovor"
        ),
        SessionKind.OPENING_REMARKS: (
            "opening,opening remarks,opening session,opening ceremony,welcome,welcome address,"
            "welcome remarks,welcoming remarks,introductory remarks,introduction,introductions,"
            "remarks,"
            "closing,closing remarks,concluding remarks,conclusion,conclusions,farewell,"
            "opening speech,welcome speech,wrap up,"
            "otvaranj-,svecano otvaranje,uvodna rec,uvodne reci,uvodna obracanja,uvodno obracanje,"
            "uvodn-,pozdravn-,pozdravna rec,pozdravne reci,zavrsna rec,zavrsne reci,"
            "zavrsna razmatranja,"
            "zakljucak,zakljucci,zatvaranje,zavrsn-,obracanje,obracanja,dobrodoslic-"
        ),
        SessionKind.PRESENTATION: (
            "presentation,presentations,lecture,talk,findings,key findings,launch,screening,"
            "predstavljanj-,prezentacij-,predavanj-,izlaganj-,nalazi,promocija,projekcija"
        ),
    }
)
_RANK: Final = {kind: i for i, kind in enumerate(SessionKind)} | {
    kind: rank
    for rank, kind in enumerate(
        (
            SessionKind.PANEL,
            SessionKind.WORKSHOP,
            SessionKind.KEYNOTE,
            SessionKind.RECEPTION,
            SessionKind.BREAK,
            SessionKind.OPENING_REMARKS,
            SessionKind.DISCUSSION,
            SessionKind.PRESENTATION,
        )
    )
}
_BLOCKS: Final = Phrases(
    {True: "session,sessions,sesija,sesije,blok,block,part,deo,round,plenary,plenarna,parallel"}
)
# What may stand between the words of a label and says nothing by itself.
_FILLERS: Final = words_of(
    """
            inaugural thematic special main konferencije konferenciju conference skup skupa
    govor speeches a b c d e f g h an the
    of and for by to on with no nr br i ii iii iv v vi vii viii ix x o u za na od
    sa s first second third fourth prva prvi druga drugi treca treci one two three four five
    new nova novog nove research study report istrazivanja istrazivanje studije izvestaja
    study paper expert expertska ekspertski ekspertska project projekta rezultata results
    knjige book publication publikacije morning afternoon evening jutarnja popodnevna
    prepodnevna address lecture speech speaker remarks ucesnika guests gostiju participants
    final
    """
)
_JOINED: Final = frozenset(["and", "i", "&", "with", "uz", "then"])
# Kinds that are whole as they stand: "Coffee break" needs no other title.
COMPLETE: Final = frozenset(
    {SessionKind.BREAK, SessionKind.RECEPTION, SessionKind.OPENING_REMARKS, SessionKind.DISCUSSION}
)
_LOOKED_AT: Final = 16
_NEAR: Final = 4
_LABEL: Final = re.compile(
    r"\s*(?::|\s[–—-]|\||\.?\s?/)\s*(?=\S)|\s*(?=[\"“„«»]\S)|\.\s+(?=[A-ZА-ЯЉЊЂЋЏČĆŠĐŽ])"  # noqa: RUF001 - as people write it, in both scripts
)
_MOST_LABELS: Final = 4


@dataclass(frozen=True, slots=True)
class KindSaid:
    """Arguments:
    kind: what the words say.
    sure: False where the word stands deep in a title, or another kind stands beside it.
    """

    kind: SessionKind
    sure: bool


def kind_of(text: str) -> KindSaid | None:
    """Return the kind that a title names."""
    words = keys(text)[:_LOOKED_AT]
    found = _KINDS.all(words)
    if not found:
        return None
    best = min(found, key=lambda hit: (_RANK[hit[0]], hit[1]))
    others = {hit[0] for hit in found} - {best[0]}
    first = found[0]
    joined = others and any(word in _JOINED for word in words[first[1] : found[-1][1]])
    if joined and first[0] is not best[0]:
        return KindSaid(first[0], sure=False)
    near = best[1] < _NEAR or (best[1] + best[2] == len(words) and len(words) <= 2 * _NEAR)
    if best[0] in {SessionKind.BREAK, SessionKind.RECEPTION} and not near:
        best = next((hit for hit in found if hit[0] is not best[0]), best)
    return KindSaid(best[0], sure=near)


def is_label(text: str) -> bool:
    """Return whether a text says only what kind of thing comes: "Panel 1", "Session III"."""
    words = keys(text)
    return bool(words) and (
        _KINDS.whole(words, _FILLERS | _block_words(words)) is not None
        or _BLOCKS.whole(words, _FILLERS) is not None
    )


def names_block(text: str) -> bool:
    """Return whether a text begins by naming a session: "Session 3", "Afternoon session"."""
    words = keys(text)[:_NEAR]
    hit = _BLOCKS.first(words)
    return hit is not None or any(
        hit[0] is SessionKind.PANEL and hit[1] == 0 for hit in _KINDS.all(words)
    )


def label_at_head(text: str) -> tuple[str, str]:
    """Return the label that a text begins with, nothing between it and the rest: "Morning session
    Prehistory"; "" without one."""
    words = text.split(maxsplit=4)
    for length in range(min(3, len(words) - 1), 0, -1):
        label = " ".join(words[:length])
        if is_label(label) and names_block(label):
            return label, text.split(maxsplit=length)[length]
    return "", text


def part_label(text: str) -> tuple[str, str]:
    """Return a label ("Panel 1:", "Keynote –") and what it is the label of; "" without one."""
    for i, found in enumerate(_LABEL.finditer(text[:200])):
        if i == _MOST_LABELS:
            break
        label = text[: found.start()]
        if label and is_label(label):
            return label, text[found.end() :]
    return "", text


def _block_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words[hit[1]] for hit in _BLOCKS.all(words))
