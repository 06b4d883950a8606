"""What all public pages of a conference say: whose they are, in which languages, where to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.enums import Visibility
from core.links import absolute_url
from core.models import StoredFile
from core.text import LANGUAGES
from events import words
from events.enums import ConferenceKind, ConferenceMode, ConferenceState, PartnerKind
from events.languages import Reader
from events.models import Conference, ConferenceVenue, Outcome, Partner, Venue

# As OpenGraph names languages: it knows no scripts.
_LOCALES: Final = {"en": "en_GB", "sr-Latn": "sr_RS", "sr-Cyrl": "sr_RS", "ru": "ru_RU"}


@dataclass(frozen=True, slots=True)
class Place:
    """A venue as a guest needs it."""

    name: str
    address: str
    directions: str
    entrance: str
    access: str
    map_url: str
    city: str

    @property
    def how_to_get_there(self) -> str:
        return " ".join(part for part in (self.entrance, self.directions) if part)


def conference_of(pk: int) -> Conference:
    """Return a conference with all that its public pages show of itself; three queries."""
    venues = ConferenceVenue.objects.select_related("venue")
    return (
        Conference.objects.select_related("organisation__logo", "outcome", "series")
        .prefetch_related(
            Prefetch("conference_venues", queryset=venues),
            Prefetch("partners", queryset=Partner.objects.all()),
        )
        .get(pk=pk)
    )


def outcome_of(conference: Conference) -> Outcome | None:
    """Return what came out of a conference, once it is published."""
    outcome: Outcome | None = getattr(conference, "outcome", None)
    return outcome if outcome is not None and outcome.published_at is not None else None


def place_of(venue: Venue, reader: Reader) -> Place:
    town = " ".join(part for part in (venue.postal_code, venue.city) if part)
    map_url = ""
    if venue.latitude is not None and venue.longitude is not None:
        at = f"{venue.latitude:.6f}"
        to = f"{venue.longitude:.6f}"
        map_url = f"https://www.openstreetmap.org/?mlat={at}&mlon={to}#map=17/{at}/{to}"
    return Place(
        name=reader.text(venue.name),
        address=", ".join(part for part in (venue.street, town) if part),
        directions=reader.text(venue.directions),
        entrance=reader.text(venue.entrance),
        access=reader.text(venue.access),
        map_url=map_url,
        city=venue.city,
    )


def places_of(conference: Conference, reader: Reader) -> list[Place]:
    rows = conference.conference_venues.all()
    return [place_of(row.venue, reader) for row in rows]


def language_links(path: str, reader: Reader, asked: str = "") -> list[dict[str, Any]]:
    """Return the same page in each language, for the switch in the page's head.

    Arguments:
        asked: what the address asks for beside the language: "day=2027-03-18&".
    """
    return [
        {
            "tag": tag,
            "name": LANGUAGES[tag],
            "url": f"{path}?{asked}lang={tag}",
            "absolute": absolute_url(f"{path}?{asked}lang={tag}"),
            "current": tag == reader.tag,
        }
        for tag in reader.languages
    ]


def file_url(file: StoredFile | None) -> str:
    """Return the address of a file that anybody may see, else nothing."""
    if file is None or file.visibility != Visibility.PUBLIC:
        return ""
    return reverse("file", args=[file.uid])


def colours_url(organisation: Organisation) -> str:
    """Return the address of the rule with the host's own colour; nothing where it has none."""
    try:
        return reverse("colours", args=[organisation.accent.removeprefix("#")])
    except NoReverseMatch:
        return ""


def sharing(path: str, reader: Reader, words: str) -> dict[str, Any]:
    """Return what other sites are told when a page is shared there: language and picture.

    Arguments:
        path: of the picture (events.services.cards), without language.
        words: what stands on it, for who can not see it.
    """
    locale = _LOCALES.get(reader.tag, _LOCALES["en"])
    others = {_LOCALES[tag] for tag in reader.languages if tag in _LOCALES} - {locale}
    return {
        "og_locale": locale,
        "og_other_locales": sorted(others),
        "card_url": absolute_url(f"{path}?lang={reader.tag}"),
        "card_alt": words,
    }


def site_context(
    organisation: Organisation, reader: Reader, path: str, asked: str = ""
) -> dict[str, Any]:
    """Return what layouts/public.html needs.

    Arguments:
        path: of this page, without language.
        asked: what its address asks for beside the language: "day=2027-03-18".
    """
    plain = f"{path}?{asked}" if asked else path
    own = f"{plain}&{reader.query[1:]}".rstrip("&") if asked else path + reader.query
    home = reverse("organisation", kwargs={"organisation": organisation.slug})
    links = [
        {"label": _("Website"), "url": organisation.website},
        {"label": organisation.contact_email, "url": f"mailto:{organisation.contact_email}"},
    ]
    shown = [organisation.website, organisation.contact_email]
    return {
        "reader": reader,
        "lang": reader.tag,
        "organisation": {
            "name": organisation.name,
            "url": home + reader.query,
            "logo_url": file_url(organisation.logo),
            "colours_url": colours_url(organisation),
        },
        "organisation_slug": organisation.slug,
        **sharing(
            reverse("organisation-card", kwargs={"organisation": organisation.slug}),
            reader,
            organisation.name,
        ),
        "languages": language_links(path, reader, f"{asked}&" if asked else ""),
        "canonical": absolute_url(own),
        "plain_url": absolute_url(plain),
        "footer_links": [link for link, value in zip(links, shown, strict=True) if value],
    }


def conference_context(
    conference: Conference, reader: Reader, name: str, kwargs: dict[str, str], asked: str = ""
) -> dict[str, Any]:
    """Return what all pages of one conference say.

    Arguments:
        name: the page's URL name.
        asked: what its address asks for beside the language: "day=2027-03-18".
    """
    partners = list(conference.partners.all())
    over = conference.ends_at <= timezone.now()
    slugs = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return {
        **site_context(conference.organisation, reader, reverse(name, kwargs=kwargs), asked),
        **sharing(reverse("conference-card", kwargs=slugs), reader, reader.text(conference.title)),
        "page": name,
        "conference": conference,
        "conference_slug": conference.slug,
        "kind_word": words.CONFERENCE_KINDS[ConferenceKind(conference.kind)],
        "mode_word": words.CONFERENCE_MODES[ConferenceMode(conference.mode)],
        "is_online": conference.mode != ConferenceMode.IN_PERSON,
        "places": places_of(conference, reader),
        "hosts": hosts_line(conference.organisation.name, partners, reader),
        "partners": partners_by_kind(partners, reader),
        "noindex": conference.visibility != Visibility.PUBLIC,
        "series": conference.series,
        "outcome": outcome_of(conference),
        "is_over": over,
        "can_register": not over and conference.state == ConferenceState.PUBLISHED,
    }


def hosts_line(host: str, partners: Sequence[Partner], reader: Reader) -> str:
    """Return who organises: the host, with those who organise it too."""
    others = [reader.text(p.name) for p in partners if p.kind == PartnerKind.CO_ORGANISER]
    if not others:
        return host
    together = others[0]
    if len(others) > 1:
        together = _("%(first)s and %(last)s") % {
            "first": ", ".join(others[:-1]),
            "last": others[-1],
        }
    return _("%(host)s, with %(others)s") % {"host": host, "others": together}


def partners_by_kind(partners: Sequence[Partner], reader: Reader) -> list[dict[str, Any]]:
    """Return the partners under the word that says what they do."""
    groups = []
    for kind, word in words.PARTNER_KINDS.items():
        names = [{"name": reader.text(p.name), "url": p.url} for p in partners if p.kind == kind]
        if names:
            groups.append({"word": word, "partners": names})
    return groups
