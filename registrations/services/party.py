"""Who comes together: one contact, names later, no invented addresses; all have a place or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import clean, refuse
from core.errors import DomainError, FieldError, invalid
from core.services import audit
from core.services.inserting import insert
from core.text import email_key, full_name
from events.models import Conference
from registrations import validators
from registrations.enums import LIVE, PUBLIC_SOURCES, RegistrationSource, RegistrationStatus
from registrations.models import AccessCode, Booking, Registration
from registrations.services.code_uses import too_few_uses
from registrations.services.doors import TRIES_A_DAY, AlreadyRegisteredError, Door, too_often
from registrations.services.registration_rows import set_keys

# So many bookings for others one contact makes a day: an office has several delegations, and a
# stranger who types somebody's address can not flood that mailbox.
CONTACTS_A_DAY: Final = 10
_PLACE_OF: Final = "/companions"
_NAMES: Final = ("given_name", "family_name", "email")


@dataclass(frozen=True, slots=True)
class Companion:
    """One who comes along; nothing is said of them where their name follows later."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class GroupParty:
    """Those who come along, as the registration's `Party`.

    Arguments:
        contact_name, contact_key: of who registers the others and does not come.
    """

    companions: Sequence[Companion]
    contact_name: str = ""
    contact_key: str = ""

    def status_at(
        self,
        door: Door,
        status: RegistrationStatus,
        conference: Conference,
        origin: RegistrationSource,
        code: AccessCode | None,
    ) -> RegistrationStatus:
        """Return what all of them would be where one alone would be `status`.

        Raises:
            DomainError: ``validation-failed`` for more than the type takes together, or than the
                code has uses; ``already-registered``; ``throttled``; ``sold-out``.
        """
        most = door.type.party_max
        if self.size > most:
            raise _too_large(most)
        if code is not None and (why := too_few_uses(code, self.size)) is not None:
            raise why
        self.check_addresses(conference, origin)
        self._check_contact(conference)
        if status != RegistrationStatus.CONFIRMED or door.left is None or door.left >= self.size:
            return status
        if not door.type.waiting_list:
            raise self.too_many(door.left)
        return RegistrationStatus.WAITING_LIST

    @property
    def size(self) -> int:
        """How many places they take together."""
        return 1 + len(self.companions)

    def check_addresses(self, conference: Conference, origin: RegistrationSource) -> None:
        """Refuse companions whose own address has a live registration, or was tried too often.

        Raises:
            DomainError: ``already-registered``, ``throttled``.
        """
        keys = {email_key(one.email): one for one in self.companions if one.email}
        if not keys:
            return
        since = timezone.now() - dt.timedelta(days=1)
        rows = (
            Registration.objects.filter(conference=conference, email_key__in=keys)
            .order_by()
            .values_list("email_key")
            .annotate(
                live=Count("pk", filter=Q(status__in=LIVE)),
                tries=Count("pk", filter=Q(created_at__gt=since)),
            )
        )
        for key, live, tries in rows:
            one = keys[key]
            if live:
                raise AlreadyRegisteredError(
                    origin, email=one.email, pointer=f"{one.pointer}/email"
                )
            if origin in PUBLIC_SOURCES and settings.THROTTLE and tries >= TRIES_A_DAY:
                raise too_often()

    def _check_contact(self, conference: Conference) -> None:
        if not self.contact_key or not settings.THROTTLE:
            return
        since = timezone.now() - dt.timedelta(days=1)
        made = Booking.objects.filter(
            conference=conference, contact_email_key=self.contact_key, created_at__gt=since
        )
        if made.count() >= CONTACTS_A_DAY:
            raise too_often()

    def write(self, lead: Registration, actor: Actor) -> list[Registration]:
        """Write the companions' rows: in the lead's booking, of its type and in its status."""
        rows = []
        for one in self.companions:
            row = Registration(
                conference=lead.conference,
                booking=lead.booking,
                registration_type=lead.registration_type,
                lead=lead,
                status=lead.status,
                status_at=lead.status_at,
                confirmed_at=lead.confirmed_at,
                confirmed_day=lead.confirmed_day,
                waiting_since=lead.waiting_since,
                source=lead.source,
                access_code=lead.access_code,
                language=lead.language,
                given_name=one.given_name,
                family_name=one.family_name,
                email=one.email,
                email_key=email_key(one.email) if one.email else None,
            )
            set_keys(row)
            insert(row)
            audit.record(
                verb="register_companion",
                obj=row,
                organisation_id=lead.conference.organisation_id,
                actor=actor,
                facts={"status": row.status, "source": row.source},
            )
            rows.append(row)
        return rows

    def too_many(self, left: int | None = None) -> DomainError:
        """Return the refusal when there are fewer places than people.

        Arguments:
            left: how many there are, where somebody has looked.
        """
        if left is None:
            detail = _("There are not enough places left for all of you. Nothing was changed.")
            return DomainError("sold-out", detail)
        detail = _(
            "Places left: %(left)d, and you are %(number)d. Register fewer people. "
            "Nothing was changed."
        )
        return DomainError("sold-out", detail % {"left": left, "number": self.size})


def _too_large(most: int) -> DomainError:
    if most == 1:
        detail = _("This kind of place is for one person at a time.")
    else:
        detail = _("Give a number from 1 to %(most)d.") % {"most": most}
    return invalid("/party", "too-large", detail)


def read_party(
    details: Mapping[str, Any],
    *,
    party: int | None,
    companions: Sequence[Mapping[str, Any]],
    contact_only: bool,
) -> tuple[dict[str, Any], GroupParty | None]:
    """Return the arguments of `register` for who leads a party, and who comes along.

    Where the contact does not come, whoever of the others has no address of their own leads, so
    that the contact has the letters.

    Arguments:
        details: the arguments of `register` for who fills it in.
        party: how many come altogether; as many as are named unless said.
        companions: those of them who are known by now, each with its names and, perhaps, an
            address of their own.
        contact_only: whether who fills it in does not come.

    Raises:
        DomainError: ``validation-failed``.
    """
    named = _cleaned(companions)
    mine = 0 if contact_only else 1
    number = mine + len(named) if party is None else party
    if party is None and contact_only and not named:
        number = 1
    if number < 1 or number < mine + len(named):
        raise invalid("/party", "too-few", _("This is fewer people than you name."))
    if number > validators.MAX_PARTY:
        raise _too_large(validators.MAX_PARTY)
    others = [*named, *(Companion() for _more in range(number - mine - len(named)))]
    _check_different(others, "" if contact_only else str(details.get("email", "")))
    if not contact_only:
        return dict(details), GroupParty(others) if others else None
    return _led_by_another(details, others)


def _cleaned(companions: Sequence[Mapping[str, Any]]) -> list[Companion]:
    found: list[Companion] = []
    errors: list[FieldError] = []
    for number, given in enumerate(companions):
        pointer = f"{_PLACE_OF}/{number}"
        texts = {name: given.get(name) or "" for name in _NAMES}
        try:
            found.append(
                Companion(**clean(texts, validators.COMPANION_DETAILS, pointer), pointer=pointer)
            )
        except DomainError as refusal:
            errors += refusal.errors
    refuse(errors)
    return found


def _check_different(companions: Sequence[Companion], own: str) -> None:
    seen = {email_key(own)} if own else set()
    for one in companions:
        if not one.email:
            continue
        key = email_key(one.email)
        if key in seen:
            raise invalid(
                f"{one.pointer}/email",
                "duplicate",
                _("Two of you have this address. Leave it empty: letters then go to the contact."),
            )
        seen.add(key)


def _led_by_another(
    details: Mapping[str, Any], others: Sequence[Companion]
) -> tuple[dict[str, Any], GroupParty]:
    contact = clean(
        {name: details.get(name) or "" for name in _NAMES},
        {name: validators.PUBLIC_DETAILS[name] for name in _NAMES},
    )
    leads = next((one for one in others if not one.email), None)
    if leads is None:
        raise _all_with_address(others)
    rest = [one for one in others if one is not leads]
    arguments = {
        **details,
        "given_name": leads.given_name,
        "family_name": leads.family_name,
        "email": "",
        "position": "",
        "contact_email": contact["email"],
    }
    name = full_name(contact["given_name"], contact["family_name"])
    return arguments, GroupParty(rest, name, email_key(contact["email"]))


def _all_with_address(others: Sequence[Companion]) -> DomainError:
    detail = _("Leave the address of one of them empty: their letters then come to you.")
    where = f"{others[0].pointer}/email"
    return DomainError(
        "validation-failed", detail, errors=[FieldError(where, "contact-only", detail)]
    )
