"""Rooms, as agendas name them."""

from __future__ import annotations

from typing import Final

from events.exchange.agenda.words import Phrases, keys, words_of

_STRONG: Final = Phrases(
    {
        True: (
            "room,rooms,hall,ballroom,stateroom,auditorium,amphitheatre,amphitheater,lobby,foyer,"
            "lounge,conference centre,conference center,sala,sali,salon,salonu,dvorana,dvorani,"
            "amfiteatar,amfiteatru,ucionica,ucionici,aula,auli,foaje,foajeu,sprat,spratu,terasa,"
            "terasi,zoom,online,onlajn,balkon,rectorate,rektorat"
        )
    }
)
_WEAK: Final = Phrases(
    {
        True: (
            "bar,restaurant,restoran,restoranu,terrace,garden,museum,muzej,muzeju,hotel,hotelu,"
            "library,biblioteka,biblioteci,theatre,theater,gallery,galerija,galeriji,centre,center,"
            "centar,centru,house,kuca,kuci,kabinet,floor,level,building,zgrada,zgradi,university,"
            "univerzitet,fakultet,harbour,harbor,park,club,klub,studio,cafe,palace,palata,institut,"
            "embassy,ambasada"
        )
    }
)
_NOT: Final = words_of(
    """
    is are will be the a to from with about into for how what why who and or in of session
    panel break lunch dinner reception meet by je su kako sta zasto ko
    """
)
_FEW: Final = 9
_LETTERS: Final = 3


def is_room(text: str, *, said: bool = False) -> bool:
    """Return whether a text is the name of a room.

    Arguments:
        said: whether something else hints at it (brackets, the last cell): weaker words do then.
    """
    words = keys(text)
    if not words or len(words) > _FEW or text.rstrip().endswith((".", ":", "?", "!")):
        return False
    if any(word in _NOT for word in words[1:]) or words[0] in _NOT:
        return said and _STRONG.first(words) is not None and "," in text
    if _STRONG.first(words) is not None:
        return True
    return said and _WEAK.first(words) is not None
