"""What pages about conferences say: texts in the reader's language, days and times, people.

The reader is the context's `reader` (events.languages.Reader); where there is none, as in the
organisers' console, it is English first and then whatever there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import nh3
from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from core.clock import to_local
from core.links import absolute_url
from core.text import LANGUAGES, full_name
from events import dates
from events.languages import Reader

register = template.Library()

ENGLISH = Reader("en")
# Headings and pictures are the page's own business; HTML is shown as it was typed.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["heading", "lheading", "image", "html_block", "html_inline"]
)
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "code", "hr"}


def reader_of(context: Context) -> Reader:
    reader = context.get("reader")
    return reader if isinstance(reader, Reader) else ENGLISH


@register.simple_tag(takes_context=True)
def text(context: Context, texts: Mapping[str, str] | None) -> str:
    """Say a text in the reader's language; one in another language says so to screen readers."""
    reader = reader_of(context)
    words = reader.text(texts)
    tag = reader.tag_of(texts)
    if not words or tag == reader.tag:
        return words
    return format_html('<span lang="{}">{}</span>', tag, words)


@register.simple_tag(takes_context=True)
def words(context: Context, texts: Mapping[str, str] | None) -> str:
    """Say a text without any markup: for titles, attributes and components."""
    return reader_of(context).text(texts)


@register.simple_tag(takes_context=True)
def prose(context: Context, texts: Mapping[str, str] | None) -> SafeString:
    """Say a longer text, written in Markdown, as paragraphs, lists and links."""
    reader = reader_of(context)
    html = nh3.clean(_MARKDOWN.render(reader.text(texts)), tags=_TAGS, link_rel="nofollow noopener")
    safe = mark_safe(html)  # noqa: S308 - HTML of Markdown without HTML, cleaned by nh3
    tag = reader.tag_of(texts)
    if tag == reader.tag:
        return safe
    return format_html('<div lang="{}">{}</div>', tag, safe)


@register.simple_tag(takes_context=True)
def when(context: Context, start: dt.datetime, end: dt.datetime, zone: str) -> str:
    """Say from when to when: "Thursday, 20 February 2025, 10:00–13:00 (Belgrade)"."""
    return dates.say_when(start, end, zone, reader_of(context).tag)


@register.simple_tag(takes_context=True)
def date(context: Context, day: dt.date) -> str:
    return dates.say_date(day, reader_of(context).tag)


@register.simple_tag(takes_context=True)
def day(context: Context, moment: dt.date) -> str:
    return dates.say_day(moment, reader_of(context).tag)


@register.simple_tag(takes_context=True)
def short_date(context: Context, moment: dt.date) -> str:
    return dates.say_short_date(moment, reader_of(context).tag)


@register.simple_tag(takes_context=True)
def short_month(context: Context, moment: dt.date) -> str:
    return dates.say_month(moment, reader_of(context).tag)


@register.filter
def clock(moment: dt.datetime | dt.time | None) -> str:
    """Say a time of day: "10:00"."""
    return f"{moment:%H:%M}" if moment else ""


@register.filter
def person_name(person: Any) -> str:
    """Say a person's name as it is spoken, with the honorific: "Prof. Dr. Radina Vučetić"."""
    name = full_name(person.given_name, person.family_name)
    return f"{person.honorific} {name}" if getattr(person, "honorific", "") else name


@register.simple_tag(takes_context=True)
def zone_city(context: Context, zone: str) -> str:
    """Say the city by which people know a zone: "Belgrade"."""
    return dates.zone_city(zone, reader_of(context).tag)


@register.simple_tag
def language_name(tag: str) -> str:
    """Say a language by its own name: "Srpski (latinica)"."""
    return LANGUAGES.get(tag, tag)


def _slugs(context: Context, kwargs: dict[str, str]) -> dict[str, str]:
    found = {name: context.get(f"{name}_slug") for name in ("organisation", "conference")}
    return {name: slug for name, slug in found.items() if slug} | kwargs


@register.simple_tag(takes_context=True)
def public_url(context: Context, name: str, **kwargs: str) -> str:
    """Return the address of a public page beside this one, in the language the reader chose."""
    return reverse(name, kwargs=_slugs(context, kwargs)) + reader_of(context).query


@register.simple_tag(takes_context=True)
def calendar_url(context: Context, name: str, **kwargs: str) -> str:
    """Return the absolute address of a calendar, in the language in which its link is read."""
    path = reverse(name, kwargs=_slugs(context, kwargs))
    return absolute_url(f"{path}?lang={reader_of(context).tag}")


@register.filter
def webcal(url: str) -> str:
    """Return the address by which a calendar program follows a feed instead of loading it once."""
    return f"webcal:{url.partition(':')[2]}"


@register.simple_tag(takes_context=True)
def register_url(context: Context) -> str:
    """Return where to register; that page is of an app that this one does not know."""
    page = reverse("conference", kwargs=_slugs(context, {}))
    return f"{page}register/{reader_of(context).query}"


@register.simple_tag
def crumbs(*pairs: str) -> list[dict[str, str]]:
    """Return labels and addresses, given in turn, for components/breadcrumbs.html."""
    return [
        {"label": label, "url": url} for label, url in zip(pairs[::2], pairs[1::2], strict=True)
    ]


@register.simple_tag
def in_zone(instant: dt.datetime, zone: str) -> dt.datetime:
    """Return what clocks in a zone show at an instant."""
    return to_local(instant, zone)
