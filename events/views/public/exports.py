"""The published programme as files for programs and printers."""

from __future__ import annotations

from django.urls import reverse

from core.enums import Visibility
from core.links import absolute_url
from events.exchange import schedule_json_out, schedule_xml_out
from events.exchange.schedule_facts import schedule_of
from events.exchange.schedule_parts import Schedule, ScheduleLink
from events.languages import Reader
from events.models import Conference
from events.programme import Programme
from events.services.programme_pdf import programme_pdf
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_of, file_url
from events.views.public.files import File, public_file
from events.views.public.materials import materials_of


@public_file
def schedule_xml(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The programme for apps and screens, as frab, pretalx and c3voc write it."""
    conference = conference_of(stamp.pk)
    url = absolute_url(reverse("schedule-xml", kwargs=at))
    return File(
        schedule_xml_out.schedule_xml(_schedule(conference, reader), url),
        f"{schedule_xml_out.MEDIA_TYPE}; charset=utf-8",
        _is_listed(conference),
        name=f"{at['conference']}-schedule.xml",
    )


@public_file
def schedule_json(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The same as JSON."""
    conference = conference_of(stamp.pk)
    return File(
        schedule_json_out.schedule_json(_schedule(conference, reader)),
        schedule_json_out.MEDIA_TYPE,
        _is_listed(conference),
        name=f"{at['conference']}-schedule.json",
    )


def _is_listed(conference: Conference) -> bool:
    return conference.visibility == Visibility.PUBLIC


def _schedule(conference: Conference, reader: Reader) -> Schedule:
    programme = current_programme(conference)
    logo = file_url(conference.organisation.logo)
    return schedule_of(
        conference,
        programme,
        reader,
        _links(conference, reader, programme),
        absolute_url(logo) if logo else "",
    )


def _links(conference: Conference, reader: Reader, programme: Programme) -> list[ScheduleLink]:
    """Return what pages link to: our own files by their path, and addresses elsewhere."""
    return [
        ScheduleLink(link.session_code, link.title, link.url, is_file=link.url.startswith("/"))
        for link in materials_of(conference, reader, programme)
        if link.session_code
    ]


@public_file
def programme_document(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The programme to print, in the host's identity; there is none before it is published."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    if not programme.days:
        return None
    return File(
        programme_pdf(conference, programme, reader),
        "application/pdf",
        _is_listed(conference),
        packs=False,
        name=f"{at['conference']}-programme-{reader.tag}.pdf",
    )
