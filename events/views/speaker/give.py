"""What is still needed from who speaks: a card for each, which they fill by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from core.errors import DomainError
from core.services.files import Crop, too_large
from core.services.kept_files import MAX_BYTES
from events import words
from events.enums import NeedKind, NeedState, RecordingConsent
from events.forms.giving import (
    BioForm,
    DescriptionForm,
    GivingForm,
    PhotoForm,
    SlidesForm,
    TechnicalForm,
    TravelForm,
)
from events.languages import Reader
from events.models import Participation
from events.services import giving
from events.services.needs import IN_ORDER, NEEDED_OF, Need, needs_of, with_needs
from events.services.speaker_links import speaker_path
from events.views.public.context import file_url
from events.views.speaker.base import by_speaker_link, check_sends, guest, reader_for, show

_FORMS: Final[Mapping[NeedKind, type[GivingForm]]] = {
    NeedKind.BIO: BioForm,
    NeedKind.PHOTO: PhotoForm,
    NeedKind.SLIDES: SlidesForm,
    NeedKind.TRAVEL: TravelForm,
    NeedKind.TECHNICAL: TechnicalForm,
}


_SHAPES: Final = {
    NeedState.OPEN: "invited",
    NeedState.GIVEN: "confirmed",
    NeedState.WAIVED: "skipped",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One thing, its state, and the form by which it is given."""

    need: Need
    title: Any
    state: Any
    form: GivingForm | None
    is_wrong: bool

    @property
    def name(self) -> str:
        return self.need.kind.value

    @property
    def shape(self) -> str:
        """Return the state whose shape this one has."""
        return _SHAPES[self.need.state]

    @property
    def template(self) -> str:
        return f"events/speaker/give_{self.need.kind.value}.html"


@by_speaker_link("GET", "HEAD", "POST")
def give_page(request: HttpRequest, row: Participation) -> HttpResponse:
    """What is needed and how far it has come; POST gives one thing of it."""
    reader = reader_for(request, row)
    if request.method != "POST":
        return _page(request, row, reader)
    check_sends(request)
    item = request.POST.get("item", "")
    with translation.override(reader.catalogue):
        return _give(request, row, reader, item)


def _give(request: HttpRequest, row: Participation, reader: Reader, item: str) -> HttpResponse:
    deed = _DEEDS.get(item)
    if deed is None:
        return _page(request, row, reader, status=400)
    form = deed.form(request.POST, request.FILES, part=row, reader=reader)
    if not form.is_valid():
        return _page(request, row, reader, wrong=form, status=400)
    try:
        deed.call(row, form)
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(request, row, reader, wrong=form, status=refusal.status)
    lang = f"lang={reader.tag}&" if reader.chosen else ""
    return redirect(f"{speaker_path(row)}give/?{lang}given={deed.card}#{deed.card}")


def _page(
    request: HttpRequest,
    row: Participation,
    reader: Reader,
    *,
    wrong: GivingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    with translation.override(reader.catalogue):
        cards = [_card(need, row, reader, wrong) for need in needs_of(row)]
    person = row.person
    more = {
        "cards": cards,
        "open": sum(card.need.is_open for card in cards),
        "given": request.GET.get("given", "") if wrong is None else "",
        "photo_url": file_url(person.photo),
        "photo_alt": reader.text(person.photo_alt),
        "description": DescriptionForm(
            part=row, reader=reader, initial={"alt": person.photo_alt.get(reader.tag, "")}
        ),
        "slides": list(row.materials.select_related("file")),
        "elsewhere": _elsewhere(row, reader),
        "briefing_path": f"{speaker_path(row)}briefing/{reader.query}",
        "answer_path": f"{speaker_path(row)}{reader.query}",
        "refusal": "" if wrong is None else next(iter(wrong.non_field_errors()), ""),
        "yes": RecordingConsent.GIVEN,
        "no": RecordingConsent.REFUSED,
    }
    return show(request, row, "give", reader, more, status)


def _card(need: Need, row: Participation, reader: Reader, wrong: GivingForm | None) -> Card:
    kind = _FORMS.get(need.kind)
    is_wrong = wrong is not None and kind is not None and isinstance(wrong, kind)
    form = wrong if is_wrong else kind(part=row, reader=reader) if kind else None
    return Card(need, words.NEEDS[need.kind], words.NEED_STATES[need.state], form, is_wrong)


def _elsewhere(row: Participation, reader: Reader) -> list[dict[str, str]]:
    """Return the person's other sessions of the conference and what is open there."""
    rows = with_needs(
        Participation.objects.filter(
            session__conference=row.session.conference_id,
            person=row.person_id,
            state__in=NEEDED_OF,
        ).exclude(pk=row.pk)
    ).order_by(*IN_ORDER)
    return [
        {
            "title": reader.text(one.session.title),
            "path": f"{speaker_path(one)}give/{reader.query}",
            "open": str(sum(need.is_open for need in needs_of(one)) or ""),
        }
        for one in rows
    ]


def _content(form: GivingForm, name: str) -> tuple[bytes, str]:
    """Return an uploaded file and its name; one that is too large is not read."""
    file = form.cleaned_data.get(name)
    if file is None:
        return b"", ""
    if file.size > MAX_BYTES:
        raise too_large()
    return file.read(), file.name or ""


def _bio(row: Participation, form: GivingForm) -> None:
    if isinstance(form, BioForm):
        giving.give_bio(
            participation=row,
            bio=form.bio(),
            pronunciation=form.cleaned_data["pronunciation"],
            actor=guest(),
        )


def _photo(row: Participation, form: GivingForm) -> None:
    data = form.cleaned_data
    content, name = _content(form, "photo")
    giving.give_photo(
        participation=row,
        content=content,
        name=name,
        crop=Crop(data["x"], data["y"], data["size"]),
        alt={form.reader.tag: data["alt"]},
        actor=guest(),
    )


def _description(row: Participation, form: GivingForm) -> None:
    alt = {form.reader.tag: form.cleaned_data["alt"]}
    giving.describe_photo(participation=row, alt=alt, actor=guest())


def _no_photo(row: Participation, _form: GivingForm) -> None:
    giving.wish_no_photo(participation=row, actor=guest())


def _slides(row: Participation, form: GivingForm) -> None:
    content, name = _content(form, "slides")
    giving.give_slides(
        participation=row,
        content=content,
        name=name,
        url=form.cleaned_data["url"],
        actor=guest(),
    )


def _consent(consent: str) -> Callable[[Participation, GivingForm], None]:
    def give(row: Participation, _form: GivingForm) -> None:
        giving.give_consent(participation=row, consent=consent, actor=guest())

    return give


def _travel(row: Participation, form: GivingForm) -> None:
    giving.give_travel(participation=row, text=form.cleaned_data["text"], actor=guest())


def _technical(row: Participation, form: GivingForm) -> None:
    giving.give_technical(participation=row, text=form.cleaned_data["text"], actor=guest())


@dataclass(frozen=True, slots=True)
class _Deed:
    card: str
    form: type[GivingForm]
    call: Callable[[Participation, GivingForm], None]


# What is pressed -> which card it is of, what is read, and what is done.
_DEEDS: Final[Mapping[str, _Deed]] = {
    "bio": _Deed("bio", BioForm, _bio),
    "photo": _Deed("photo", PhotoForm, _photo),
    "description": _Deed("photo", DescriptionForm, _description),
    "no-photo": _Deed("photo", GivingForm, _no_photo),
    "slides": _Deed("slides", SlidesForm, _slides),
    "record": _Deed("recording", GivingForm, _consent(RecordingConsent.GIVEN)),
    "no-record": _Deed("recording", GivingForm, _consent(RecordingConsent.REFUSED)),
    "travel": _Deed("travel", TravelForm, _travel),
    "technical": _Deed("technical", TechnicalForm, _technical),
}
