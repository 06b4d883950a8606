"""One letter for a party, its own for who has an address, and the contact hears of the others."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import ANONYMOUS, SYSTEM
from core.text import LANGUAGES
from notifications.models import Message, ReminderRule
from notifications.services.mail_facts import forget
from notifications.services.registration_mail import welcome
from notifications.services.rendering import render
from notifications.services.replanning import plan_rule
from registrations.models import Registration
from registrations.services.answering import answer_invitation
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import change_registration
from registrations.services.filling import fill_freed_places
from registrations.services.links import manage_url, request_link
from registrations.services.party import Companion, GroupParty
from registrations.services.party_places import add_companion
from registrations.services.registering import register
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import ReminderRuleFactory
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

NOBODY = Companion()
MARKO = Companion("Marko", "Ilić", "marko@example.org")
IVA = Companion("Iva", "Kos")


@pytest.fixture(autouse=True)
def clock(frozen):
    forget()
    return frozen("2027-03-01T10:00")


@pytest.fixture
def kind():
    row = RegistrationTypeFactory(conference=ConferenceFactory(), slug="guest", capacity=3)
    row.party_max = 5
    row.save()
    ReminderRuleFactory(conference=row.conference)
    return row


@pytest.fixture
def come(kind):
    def call(*companions, language="en", email="ana@example.org", contact="", **more):
        return register(
            conference=kind.conference,
            type_slug="guest",
            given_name=more.get("given_name", "Ana"),
            family_name=more.get("family_name", "Petrović"),
            email=email,
            contact_email=contact,
            language=language,
            source="form",
            actor=ANONYMOUS,
            party=GroupParty(list(companions), more.get("contact_name", "")),
        )

    return call


def mails():
    """Return (kind, address, name) of all that is not a reminder, in order."""
    rows = Message.objects.filter(rule=None).exclude(state="cancelled").order_by("pk")
    return list(rows.values_list("kind", "to_email", "to_name"))


def text_of(row, kind, form="text"):
    forget()
    message = Message.objects.select_related(
        "conference__organisation", "registration__registration_type", "registration__person"
    ).get(registration=row, kind=kind)
    return getattr(render(message), form)


def test_one_letter_says_it_for_all_but_who_has_an_address(come):
    lead = come(NOBODY, MARKO)

    assert mails() == [
        ("confirmation", "ana@example.org", "Ana Petrović"),
        ("confirmation", "marko@example.org", "Marko Ilić"),
    ]
    text = text_of(lead, "confirmation")
    assert "Comes with you: Name to come\n  Marko Ilić\n" in text
    assert f"your personal page ({manage_url(lead)})" in text
    assert "Comes with you" not in text_of(lead.companions.get(given_name="Marko"), "confirmation")


def test_where_all_are_named_nobody_is_asked_for_names(come):
    text = text_of(come(IVA), "confirmation")

    assert "Comes with you: Iva Kos" in text
    assert "has no name here yet" not in text


def test_who_comes_alone_reads_nothing_of_it(come):
    assert "Comes with you" not in text_of(come(), "confirmation")


@pytest.mark.parametrize(
    ("language", "label", "name"),
    [
        ("en", "Comes with you", "Name to come"),
        ("sr-Latn", "Dolaze sa Vama", "Ime naknadno"),
        ("sr-Cyrl", "Долазе са Вама", "Име накнадно"),
        ("ru", "С Вами придут", "Имя позже"),
    ],
)
@pytest.mark.parametrize("form", ["text", "html"])
def test_the_party_is_listed_in_each_language(come, language, label, name, form):
    assert language in LANGUAGES
    lead = come(NOBODY, IVA, language=language)

    mail = text_of(lead, "confirmation", form)

    assert all(words in mail for words in (label, name, "Iva Kos"))


def test_an_office_has_the_letters_for_people_without_a_name(come):
    lead = come(
        NOBODY,
        email="",
        contact="office@example.org",
        contact_name="Office of the Rector",
        given_name="",
        family_name="",
    )

    assert mails() == [("confirmation", "office@example.org", "Office of the Rector")]
    assert "Dear Office of the Rector," in text_of(lead, "confirmation")


def test_a_name_in_a_party_is_no_link(come):
    text = text_of(come(Companion("Eva", "x.example.zip")), "confirmation")

    assert "x.example.zip" not in text


def test_reminders_go_once_to_a_contact(kind, come):
    lead = come(NOBODY, MARKO)

    def addressees():
        rows = Message.objects.exclude(rule=None).values_list("registration_id", flat=True)
        return set(rows)

    both = {lead.pk, lead.companions.get(given_name="Marko").pk}
    assert addressees() == both
    plan_rule(ReminderRule.objects.get().pk)
    assert addressees() == both


def test_who_leads_from_now_on_has_the_link_and_the_reminders(come):
    lead = come(NOBODY, IVA)

    cancel_registration(registration=lead, actor=ANONYMOUS, by_guest=True)

    nobody, iva = Registration.objects.exclude(pk=lead.pk).order_by("pk")
    assert mails()[-2:] == [
        ("cancellation", "ana@example.org", "Ana Petrović"),
        ("manage_link", "ana@example.org", "Ana Petrović"),
    ]
    text = text_of(nobody, "manage_link")
    assert manage_url(nobody) in text
    assert "Comes with you: Iva Kos" in text
    assert Message.objects.filter(registration=nobody).exclude(rule=None).exists()
    assert not Message.objects.filter(registration=iva).exists()


def test_when_all_leave_the_contact_reads_it_once(come):
    lead = come(NOBODY, MARKO)

    cancel_registration(registration=lead, actor=ANONYMOUS, by_guest=True, everybody=True)

    assert [mail[:2] for mail in mails() if mail[0] == "cancellation"] == [
        ("cancellation", "ana@example.org"),
        ("cancellation", "marko@example.org"),
    ]


def test_the_contact_hears_when_only_a_companion_is_cancelled(come):
    lead = come(IVA)
    iva = lead.companions.get()

    cancel_registration(registration=iva, actor=SYSTEM)

    assert mails()[-1] == ("cancellation", "ana@example.org", "Ana Petrović")
    text = text_of(iva, "cancellation")
    assert "Dear Ana Petrović," in text
    assert "For: Iva Kos" in text


def test_an_offer_to_a_companion_alone_goes_to_the_contact(come):
    lead = come(IVA)
    other = come(email="other@example.org")
    late = add_companion(registration=lead, details={}, actor=ANONYMOUS)
    assert mails()[-1] == ("waiting_list", "ana@example.org", "Ana Petrović")

    cancel_registration(registration=other, actor=SYSTEM)

    late.refresh_from_db()
    assert late.status == "offered"
    assert [mail for mail in mails() if mail[0] == "offer"] == [
        ("offer", "ana@example.org", "Ana Petrović")
    ]
    text = text_of(late, "offer")
    assert "For: Name to come" in text
    assert f"{manage_url(late)}offer/" in text


def test_offers_to_both_are_one_letter(kind, come):
    first = come(IVA, email="first@example.org")
    lead = come(NOBODY, MARKO)
    Message.objects.all().delete()

    cancel_registration(registration=first, actor=SYSTEM, everybody=True)
    fill_freed_places(conference_id=kind.conference_id)

    offers = [mail[1] for mail in mails() if mail[0] == "offer"]
    assert offers == ["ana@example.org", "marko@example.org"]
    assert "Comes with you: Name to come\n  Marko Ilić" in text_of(lead, "offer")


def test_an_address_of_ones_own_brings_letters_of_ones_own(come):
    lead = come(NOBODY)
    one = lead.companions.get()

    change_registration(
        registration=one,
        changes={"given_name": "Iva", "email": "iva@example.org"},
        expected=None,
        actor=ANONYMOUS,
        by_guest=True,
    )

    assert mails()[-1] == ("confirmation", "iva@example.org", "Iva")
    assert Message.objects.filter(registration=one).exclude(rule=None).exists()


def test_a_contact_who_asks_gets_one_link(kind, come, clock):
    come(NOBODY, IVA)
    clock.shift(dt.timedelta(hours=2))

    request_link(conference=kind.conference, email="ana@example.org", actor=ANONYMOUS)

    assert [mail[0] for mail in mails()] == ["confirmation", "manage_link"]


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_companions_is_left_out_by_one_query(come, number, django_assert_num_queries):
    lead = come(*[NOBODY] * number)
    rows = list(lead.companions.all())
    for row in rows:
        row._state.fields_cache.pop("lead", None)

    with django_assert_num_queries(1):
        welcome([row.pk for row in rows], is_new=False, loaded=rows)


def test_an_invited_guests_letter_says_it_for_the_companion_too(kind):
    invitation = InvitationFactory(registration_type=kind, plus_one=True)

    answer_invitation(
        invitation=invitation,
        response="accepted",
        via="link",
        companion={"given_name": "Iva", "family_name": "Kos"},
        actor=ANONYMOUS,
    )

    guest = Registration.objects.get(lead=None)
    assert [mail[0] for mail in mails() if mail[0] == "confirmation"] == ["confirmation"]
    assert "Comes with you: Iva Kos" in text_of(guest, "confirmation")
