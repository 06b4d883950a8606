"""Days and dates, as agendas write them in English and Serbian."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from core.clock import FIRST_YEAR, LAST_YEAR
from core.text import search_key
from events.exchange.agenda.words import Phrases, keys, words_of

_MONTHS: Final = Phrases(
    {
        1: "january,januar,januara,jan",
        2: "february,februar,februara,feb",
        3: "march,mart,marta,mar",
        4: "april,aprila,apr",
        5: "may,maj,maja",
        6: "june,jun,juna,juni",
        7: "july,jul,jula,juli",
        8: "august,avgust,avgusta,aug,avg",
        9: "september,septembar,septembra,sep,sept",
        10: "october,oktobar,oktobra,oct,okt",
        11: "november,novembar,novembra,nov",
        12: "december,decembar,decembra,dec",
    }
)
_WEEKDAYS: Final = Phrases(
    {
        0: "monday,ponedeljak,ponedjeljak,mon",
        1: "tuesday,utorak,tue",
        2: "wednesday,sreda,sredu,srijeda,wed",
        3: "thursday,cetvrtak,thu,thur,thurs",
        4: "friday,petak,fri",
        5: "saturday,subota,subotu,sat",
        6: "sunday,nedelja,nedelju,nedjelja,sun",
    }
)
_ORDER: Final = Phrases(
    {
        1: "day 1,day one,day i,first day,dan 1,dan i,prvi dan,dan prvi,1 dan,1st day",
        2: "day 2,day two,day ii,second day,dan 2,dan ii,drugi dan,dan drugi,2 dan,2nd day",
        3: "day 3,day three,day iii,third day,dan 3,dan iii,treci dan,dan treci,3 dan,3rd day",
        4: "day 4,day four,day iv,fourth day,dan 4,dan iv,cetvrti dan,dan cetvrti,4 dan",
        5: "day 5,day five,day v,fifth day,dan 5,dan v,peti dan,dan peti,5 dan",
        6: "day 6,day six,dan 6,sesti dan,6 dan",
        7: "day 7,day seven,dan 7,sedmi dan,7 dan",
    }
)
_FILLERS: Final = words_of(
    """
    the of on date datum dan day u na godine god g st nd rd th belgrade beograd
    """
)
_WORDS: Final = r"[^\W\d_]{3,10}"
_RANGE: Final = r"(?:(?:\s?[-–—]\s?|\s(?:i|and|и|&)\s)(?P<last>\d{1,2})(?:st|nd|rd|th|\.)?,?)?"
_DATES: Final = (
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"),
    re.compile(
        r"(?<![\d.])(?P<d>\d{1,2})(?:\.\s?[-–—]\s?(?P<last>\d{1,2}))?\.\s?(?P<m>\d{1,2})\.\s?"
        r"(?P<y>\d{4})\.?(?!\d)"
    ),
    re.compile(r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?![\d/])"),
    re.compile(r"(?<![\d.:])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?=\s|$|,)(?P<y>)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?{_RANGE}\s?(?:of\s)?(?P<month>{_WORDS})\.?"
        r"(?:,?\s?(?P<y>\d{4}))?\.?(?!\d)"
    ),
    re.compile(
        rf"(?P<month>{_WORDS})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_RANGE}(?!\d|[:.]\d)"
        r"(?:,?\s(?P<y>\d{4}))?(?!\d)"
    ),
)
_HEAD: Final = re.compile(r"[^\w]*")
_TAIL: Final = re.compile(
    r"\s*(?:godine|god\.?|год(?:ине)?\.?|г\.|g\.)?[\s,:;.|–—-]*",  # noqa: RUF001 - both scripts
    re.IGNORECASE,
)
_LOOKED_AT: Final = 120


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a line speaks of.

    Arguments:
        date: None where only a weekday or "Day 2" is said.
        last: of a span of days.
        order: the 2 of "Day 2".
        weekday: from Monday, 0.
        year: whether the text says one.
        doubtful: 03/04 may be either way round.
        before, rest: what else stands in the line.
    """

    date: dt.date | None = None
    last: dt.date | None = None
    order: int | None = None
    weekday: int | None = None
    year: bool = False
    doubtful: bool = False
    before: str = ""
    rest: str = ""


def read_day(text: str, near: dt.date) -> Day | None:
    """Return the day that a line speaks of; a date without a year is the one after `near`.

    A line is about a day when it begins with one (weekday, date, "Day 1"), or is short and ends
    with a date.
    """
    head = text[:_LOOKED_AT]
    found = _date(head, near)
    if found is None:
        return _day_by_name(text)
    match, date, last, doubtful = found
    before, rest = head[: match.start()], text[match.end() :]
    tail = _TAIL.match(rest)
    rest = rest[tail.end() :] if tail else rest
    words = keys(before)
    weekday, order, left = _names(words)
    after = keys(rest)
    if weekday is None and after and (named := _WEEKDAYS.at(after, 0)) and len(after) <= 2:  # noqa: PLR2004 - a weekday, perhaps with “the”
        weekday, rest = named[0], ""
    return Day(
        date=date,
        last=last,
        order=order,
        weekday=weekday,
        year=bool(match["y"]),
        doubtful=doubtful,
        before=before.strip(" ,;:–—-|(") if left else "",
        rest=rest.strip(" )") if "(" not in rest else rest,
    )


def _names(words: tuple[str, ...]) -> tuple[int | None, int | None, list[str]]:
    weekday = _WEEKDAYS.first(words)
    order = _ORDER.first(words)
    used: set[int] = set()
    for said in (weekday, order):
        if said:
            used.update(range(said[1], said[1] + said[2]))
    left = [w for i, w in enumerate(words) if i not in used and w not in _FILLERS]
    return weekday[0] if weekday else None, order[0] if order else None, left


def _day_by_name(text: str) -> Day | None:
    words = keys(text)
    if not words or len(words) > 12:  # noqa: PLR2004 - months
        return None
    order, weekday = _ORDER.at(words, 0), _WEEKDAYS.at(words, 0)
    if order is None and (weekday is None or len(words) > 1):
        return None
    length = order[1] if order else 0
    named = weekday or (_WEEKDAYS.at(words, length) if length < len(words) else None)
    pieces = re.split(r"[:–—|-]", text, maxsplit=1)
    if len(pieces) == 1 and _names(words)[2]:
        return None
    rest = pieces[1].strip() if len(pieces) > 1 else ""
    return Day(
        order=order[0] if order else None,
        weekday=named[0] if named else None,
        rest=rest if not _WEEKDAYS.whole(keys(rest), _FILLERS) else "",
    )


def _date(text: str, near: dt.date) -> tuple[re.Match[str], dt.date, dt.date | None, bool] | None:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = _month(groups)
            if month is None:
                continue
            year = int(groups["y"]) if groups["y"] else _year(near, month, int(groups["d"]))
            date = _made(year, month, int(groups["d"]))
            if date is None:
                continue
            last = _made(year, month, int(groups["last"])) if groups.get("last") else None
            slashed = "/" in match[0] and date.day <= 12 and date.day != month  # noqa: PLR2004 - months
            return match, date, last if last and last > date else None, slashed
    return None


def _month(groups: dict[str, str | None]) -> int | None:
    if groups.get("m"):
        return int(groups["m"] or 0)
    found = _MONTHS.at((search_key(groups.get("month") or "") or "-",), 0)
    return found[0] if found else None


def _year(near: dt.date, month: int, day: int) -> int:
    """Return the year in which such a date is nearest to the day that is expected."""
    dates = [_made(near.year + i, month, day) for i in (0, -1, 1)]
    return min((d for d in dates if d), key=lambda d: abs(d - near), default=near).year


def _made(year: int, month: int, day: int) -> dt.date | None:
    if not FIRST_YEAR < year < LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
