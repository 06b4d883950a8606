"""Who somebody is on a session, as agendas say it in English and Serbian."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from events.enums import ParticipationRole, SessionKind
from events.exchange.agenda.words import Phrases, key, keys, words_of

SPEAKER: Final = "speaker"
_ROLES: Final = Phrases(
    {
        (ParticipationRole.MODERATOR.value, False): (
            "moderator,moderatorka,moderation,moderated by,moderates,moderating,moderira,"
            "moderacija,"
            "moderatorica,chair,chairs,chaired by,chairperson,chairman,chairwoman,chairing,"
            "session chair,co chair,facilitator,facilitated by,facilitatorka,predsedava,"
            "predsedavajuci,predsedavajuca,voditelj,voditeljka,vodi,panel chair"
        ),
        (ParticipationRole.MODERATOR.value, True): (
            "moderators,moderatori,moderatorke,moderiraju,co chairs,facilitators,facilitatori"
        ),
        (ParticipationRole.PANELLIST.value, False): (
            "panellist,panelist,panelistkinja,ucesnik,ucesnica,participant"
        ),
        (ParticipationRole.PANELLIST.value, True): (
            "panellists,panelists,panelisti,panelistkinje,panelisti i panelistkinje,ucesnici,"
            "ucesnice,ucestvuju,participants,panel members,panel speakers,na panelu govore"
        ),
        (ParticipationRole.KEYNOTE.value, False): (
            "key speech,key speech by,keynote speaker,keynote,key note,key note speech,"
            "keynote address,keynote speech,"
            "keynote by,glavni govornik,"
            "glavna govornica,kljucni govornik"
        ),
        (ParticipationRole.KEYNOTE.value, True): (
            "keynote speakers,keynotes,keynote speeches,key note speeches,key note speakers,"
            "glavni govornici"
        ),
        (ParticipationRole.PRESENTER.value, False): (
            "presenter,presented by,presentation by,presents,izlagac,izlagacica,izlaze,predstavlja,"
            "lecturer,predavac,predavacica,trainer,trener,trenerica,author"
        ),
        (ParticipationRole.PRESENTER.value, True): (
            "presenters,presentations by,izlagaci,predavaci,predstavljaju,izlazu,trainers,treneri,"
            "lecturers,authors,autori,autorke,predavacice,izlagacice"
        ),
        (ParticipationRole.DISCUSSANT.value, False): (
            "discussant,respondent,commentator,diskutant,diskutantkinja,komentator"
        ),
        (ParticipationRole.DISCUSSANT.value, True): (
            "discussants,respondents,commentators,diskutanti,komentatori"
        ),
        (ParticipationRole.OPENING_REMARKS.value, False): (
            "opening remarks,welcome remarks,welcoming remarks,introductory remarks,opening speech,"
            "welcome speech,opening address,welcome address,opened by,uvodna rec,uvodno obracanje,"
            "pozdravna rec,pozdravno obracanje,uvodno izlaganje,otvara,skup otvara,zavrsna rec,"
            "pozdravni govor,uvodni govor,welcome by,address by,speech by,remarks from,"
            "closing remarks,concluding remarks,remarks by,"
            "opening remarks by"
        ),
        (ParticipationRole.OPENING_REMARKS.value, True): (
            "uvodni govori,pozdravni govori,uvodne reci,uvodna obracanja,pozdravne reci,otvaraju,"
            "pozdravna obracanja"
        ),
        (ParticipationRole.RAPPORTEUR.value, False): (
            "rapporteur,note taker,notetaker,izvestilac,zapisnicar,zapisnicarka"
        ),
        (ParticipationRole.RAPPORTEUR.value, True): "rapporteurs,note takers,izvestioci",
        (ParticipationRole.INTERPRETER.value, False): "interpreter,prevodilac,prevoditeljka",
        (ParticipationRole.INTERPRETER.value, True): "interpreters,prevodioci",
        (ParticipationRole.HOST.value, False): "host,hosted by,hosts,domacin,domacica",
        (ParticipationRole.HOST.value, True): "domacini,co hosts",
        (SPEAKER, False): (
            "speaker,govornik,govornica,govori,uvodnicar,uvodnicarka,trigger speaker,guest speaker,"
            "special guest,gost,gosca"
        ),
        (SPEAKER, True): (
            "speakers,govornici,govornice,govore,uvodnicari,uvodnicarke,"
            "speakers include,trigger speakers,invited speakers,guests,gosti,gosti i gosce,"
            "govornici i govornice,govornice i govornici"
        ),
    }
)
_FILLERS: Final = words_of(
    """
    and i the of a on panel panela sesije session and co by invited confirmed potvrdjeni our
    nasi expert name include so far su je distinguished
    """
)
_SEPARATORS: Final = re.compile(r"\s*[:：]\s*|\s+[–—-]\s+|\s*[–—]\s*")  # noqa: RUF001 - as people write it, in both scripts
_BY_KIND: Final = {
    SessionKind.PANEL.value: ParticipationRole.PANELLIST.value,
    SessionKind.DISCUSSION.value: ParticipationRole.PANELLIST.value,
    SessionKind.KEYNOTE.value: ParticipationRole.KEYNOTE.value,
    SessionKind.OPENING_REMARKS.value: ParticipationRole.OPENING_REMARKS.value,
    SessionKind.BREAK.value: ParticipationRole.OPENING_REMARKS.value,
    SessionKind.RECEPTION.value: ParticipationRole.OPENING_REMARKS.value,
}
_LONGEST: Final = 4
_BY: Final = frozenset({"by", "from", "od"})


@dataclass(frozen=True, slots=True)
class Role:
    """Arguments:
    name: a ParticipationRole, or `SPEAKER`, which depends on the session.
    several: whether the word speaks of more than one.
    """

    name: str
    several: bool = False

    def on(self, kind: str) -> str:
        """Return the role on a session of this kind."""
        if self.name != SPEAKER:
            return self.name
        return _BY_KIND.get(kind, ParticipationRole.PRESENTER.value)


def role_of(text: str) -> Role | None:
    """Return the role that a text names, where it says nothing else."""
    words = keys(text)
    if not words or len(words) > 6:  # noqa: PLR2004 - a role is said in few words
        return None
    hits = _ROLES.all(words)
    name = _ROLES.whole(words, _FILLERS)
    if name is None or any(hit[0][0] != name[0] for hit in hits if hit[0][0] != SPEAKER):
        return Role(*name) if name and hits[0][0][0] == name[0] and len(words) <= _LONGEST else None
    several = any(hit[0][1] for hit in hits) or len(hits) > 1
    return Role(name[0], several)


def part_role(text: str) -> tuple[Role, str] | None:
    """Return the role with which a line begins, and who is named after it; "" on the next lines.

    "Moderator: …", "Panellists –", "Moderator Ana Anić", "Moderated by …".
    """
    for i, found in enumerate(_SEPARATORS.finditer(text[:80])):
        role = role_of(text[: found.start()])
        if role or i:
            return (role, text[found.end() :]) if role else None
    role = role_of(text)
    if role:
        return role, ""
    words = text.split(maxsplit=_LONGEST)
    plain = [key(word) for word in words[:_LONGEST]]
    hit = _ROLES.at(plain, 0) if plain else None
    if hit and hit[1] < len(plain) and plain[hit[1]] in _BY:
        hit = hit[0], hit[1] + 1
    if hit and hit[1] < len(words) and words[hit[1]][0].isupper() and not words[0].isupper():
        return Role(*hit[0]), text.split(maxsplit=hit[1])[hit[1]]
    return None
