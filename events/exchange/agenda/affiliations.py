"""What of the words after a name is a position and what an organisation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from events.exchange.agenda.words import Phrases, keys

_POSITIONS: Final = Phrases(
    {
        True: (
            "acting,ambassador,ambassadors,director,directors,deputy,president,vice-president,vice,"
            "chair,chairman,chairwoman,chairperson,co-chair,head,chief,minister,secretary,"
            "professor,lecturer,researcher,fellow,associate,analyst,advisor,adviser,expert,"
            "coordinator,manager,officer,editor,editor-in-chief,journalist,correspondent,reporter,"
            "founder,co-founder,ceo,cto,cfo,coo,partner,member,mp,mep,senator,representative,envoy,"
            "commissioner,counsellor,attache,consul,mayor,judge,lawyer,attorney,activist,author,"
            "writer,"
            "consultant,specialist,engineer,scientist,student,candidate,assistant,spokesperson,"
            "spokesman,spokeswoman,governor,general,colonel,commander,dean,rector,historian,"
            "sociologist,economist,political scientist,philosopher,lead,leader,principal,trustee,"
            "executive,administrator,team leader,host,presenter,phd candidate,delegate,ombudsman,"
            "ombudsperson,negotiator,rapporteur,investigator,curator,archaeologist,"
            "direktor-,izvrsn-,predsedni-,predsjedni-,potpredsedni-,zamenik,zamenica,pomocnik,"
            "pomocnica,ministar,ministarka,drzavni sekretar,drzavna sekretarka,sekretar-,"
            "ambasador-,profesor-,docent,docentkinja,predavac,istraziva-,saradnik,saradnica,"
            "spoljni saradnik,analiticar-,savetni-,savjetni-,ekspert,ekspertkinja,strucnjak,"
            "strucnjakinja,koordinator-,menadzer-,urednik,urednica,novinar-,dopisnik,dopisnica,"
            "osnivac-,clan,clanica,narodni poslanik,poslanik,poslanica,predstavnik,predstavnica,"
            "izaslanik,sef,sefica,nacelnik,nacelnica,rukovodilac,rukovoditeljka,gradonacelni-,"
            "sudija,advokat-,aktivist-,autor,autorka,pisac,konsultant-,inzenjer-,student-,"
            "doktorand-,asistent-,portparol-,guverner-,dekan-,rektor-,istoricar-,sociolog,"
            "sociologinja,ekonomist-,politikolog,politikoloskinja,lider-,poverenik,poverenica,"
            "zastitnik,zastitnica,komesar-,pravnik,pravnica,pravni savetnik,pravna savetnica,"
            "specijalist-,visi,visa,"
            "voditelj,voditeljka,arheolog,official,retired,former,bivsi,bivsa,nekadasnji,"
            "nekadasnja,prosecutor,tuzilac,tuziteljka,colleague,strategist,emeritus"
        )
    }
)
_ORGANISATIONS: Final = Phrases(
    {
        True: (
            "directorate,division,university,universities,institute,institut,institution,centre,center,foundation,fund,"
            "ministry,department,faculty,school,college,academy,council,commission,committee,"
            "parliament,assembly,embassy,delegation,mission,office,agency,authority,bureau,"
            "association,organisation,organization,network,forum,initiative,programme,program,"
            "group,"
            "society,union,federation,party,bank,company,ltd,inc,llc,gmbh,magazine,newspaper,daily,"
            "weekly,tv,radio,news,press,museum,library,hospital,court,police,army,navy,secretariat,"
            "government,republic,chamber,coalition,alliance,board,think tank,lab,laboratory,"
            "project,"
            "campaign,trust,house,club,service,team,"
            "univerzitet-,fakultet-,centar,centra,centru,fond,fonda,fondacij-,ministarstv-,"
            "odeljenj-,skola,skole,skoli,skolsk-,akademij-,savet-,savjet-,komisij-,odbor-,"
            "parlament-,skupstin-,"
            "ambasad-,delegacij-,misij-,kancelarij-,agencij-,uprav-,zavod-,udruzenj-,asocijacij-,"
            "organizacij-,mrez-,inicijativ-,program,grup-,drustv-,savez-,stranka,stranke,partij-,"
            "banka,banke,banci,banku,list,casopis,nedeljnik,dnevnik,televizij-,muzej-,bibliotek-,"
            "sud,suda,policij-,"
            "vojsk-,sekretarijat-,vlada,vlade,vladi,vladu,vladin-,republik-,komor-,koalicij-,"
            "alijans-,pokret,pokreta,"
            "institut-,odsek-,katedr-,evropski pokret"
        )
    }
)
_AT: Final = re.compile(r"\s+(?:at|@|with|pri)\s+(?:the\s+)?(?=[A-ZА-ЯŠĐČĆŽЉЊЏЂЋ])")  # noqa: RUF001 - as people write it, in both scripts
_ALSO_NAMES: Final = frozenset({"general", "dean"})
_ACRONYM: Final = 2
_FEW_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is. `sure` is False where the two may be the other way round."""

    position: str = ""
    affiliation: str = ""
    sure: bool = True


def is_position_word(plain: str) -> bool:
    """Return whether a single word is said of positions."""
    return plain not in _ALSO_NAMES and _POSITIONS.at((plain,), 0) is not None


def is_organisation_word(plain: str) -> bool:
    """Return whether a single word is said of organisations."""
    return _ORGANISATIONS.at((plain,), 0) is not None


def sort_of(text: str) -> str:
    """Return "position", "affiliation" or "" for a phrase after a name."""
    words = keys(text)
    position, organisation = _POSITIONS.first(words), _ORGANISATIONS.first(words)
    if position and (organisation is None or position[1] <= organisation[1]):
        # "Ministarstvo…" is caught below; "Member State" and the like are rare enough.
        return "position"
    if position and organisation:
        last = _POSITIONS.all(words)[-1]
        return "position" if last[1] + last[2] == len(words) else "affiliation"
    return "affiliation" if organisation or _has_acronym(text) else ""


def standing(pieces: list[str]) -> Standing:
    """Return what the phrases after a name say, which stand between commas."""
    pieces = [piece for piece in (p.strip(" ,;–—-") for p in pieces) if piece]
    sorts = [sort_of(piece) for piece in pieces]
    if not pieces:
        return Standing()
    if sorts[0] == "position":
        return _position_first(pieces, sorts)
    if "position" in sorts:
        return _affiliation_first(pieces, sorts, sorts.index("position"))
    if sorts[0] == "affiliation" or len(pieces) == 1:
        return Standing("", ", ".join(pieces), sure=sorts[0] == "affiliation")
    return Standing(pieces[0], ", ".join(pieces[1:]), sure=False)


def _position_first(pieces: list[str], sorts: list[str]) -> Standing:
    i = 1
    while i < len(pieces) and (
        sorts[i] == "position" or (not sorts[i] and _goes_on(pieces[i - 1], pieces[i]))
    ):
        i += 1
    position = ", ".join(pieces[:i])
    sure = not any(_ORGANISATIONS.first(keys(piece)) for piece in pieces[1:i])
    if i == len(pieces):
        return replace(_split_at(position), sure=sure)
    return Standing(position, ", ".join(pieces[i:]), sure)


def _affiliation_first(pieces: list[str], sorts: list[str], place: int) -> Standing:
    if any(sort != "position" for sort in sorts[place:]):
        return Standing("", ", ".join(pieces), sure=False)
    sure = "affiliation" in sorts[:place]
    return Standing(", ".join(pieces[place:]), ", ".join(pieces[:place]), sure)


def _goes_on(before: str, piece: str) -> bool:
    """Return whether a phrase goes on with a position: "Minister of Information, | Culture and
    Tourism"."""
    several = {"and", "i"} & {*keys(piece)}
    return piece[0].islower() or bool(several and {"of", "for", "za"} & {*keys(before)})


def _split_at(text: str) -> Standing:
    found = _AT.search(text[:300])
    if found and sort_of(text[: found.start()]) == "position":
        return Standing(text[: found.start()], text[found.end() :])
    return Standing(text)


def _has_acronym(text: str) -> bool:
    words = text.split()
    return len(words) <= _FEW_WORDS and any(
        len(word) >= _ACRONYM and sum(ch.isupper() for ch in word) >= _ACRONYM and word[0].isalpha()
        for word in (word.strip("().,") for word in words)
    )
