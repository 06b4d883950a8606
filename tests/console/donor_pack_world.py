"""A conference of which a funder hears: guests of several tags, photos, mails, partners."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

from django.utils import timezone
from PIL import Image

from core.actors import SYSTEM
from core.services.files import store_file
from events.models import OutcomePhoto
from events.services.schedules import publish_schedule
from registrations.models import ConsentGiven
from registrations.services.usual_questions import add_usual_question
from tests.factories import events as e
from tests.factories import notifications as n
from tests.factories import registrations as r


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


def add_photo(outcome, colour, **fields):
    """Keep a photo of the day."""
    file = store_file(
        organisation_id=outcome.conference.organisation_id,
        content=picture(colour),
        name="../../Ana Anić.jpg",
        actor=SYSTEM,
    )
    return OutcomePhoto.objects.create(outcome=outcome, file=file, **fields)


def agree(registration, question):
    """Let a guest agree to a consent."""
    text = question.consent_texts.get()
    return ConsentGiven.objects.create(registration=registration, consent_text=text)


def build(organisation):
    """Return a whole conference and its parts by name."""
    conference = e.ConferenceFactory(organisation=organisation, slug="forum", title={"en": "Forum"})
    start = conference.start_local
    venue = e.VenueFactory(organisation=organisation, name={"en": "River House"}, city="Belgrade")
    e.ConferenceVenueFactory(conference=conference, venue=venue)
    panel = e.SessionFactory(
        conference=conference,
        title={"en": "Who drinks first"},
        start_local=start,
        end_local=conference.end_local,
        room=e.RoomFactory(venue=venue, name={"en": "Great hall"}),
    )
    speaker = e.PersonFactory(organisation=organisation, given_name="Vera", family_name="Cvijić")
    e.ParticipationFactory(
        session=panel, person=speaker, position="Director", affiliation="Faculty of Water"
    )
    publish_schedule(conference=conference, name="1", actor=SYSTEM)
    e.PartnerFactory(conference=conference, kind="funder", name={"en": "Rivers Fund"})
    e.PartnerFactory(conference=conference, kind="funder", name={"en": "City of Niš"})
    e.PartnerFactory(conference=conference, kind="project", name={"en": "Open Waters"})
    e.PartnerFactory(conference=conference, kind="media_partner", name={"en": "Daily"})
    outcome = e.OutcomeFactory(conference=conference, published_at=timezone.now())
    photos = [
        add_photo(
            outcome, "navy", consent="given", alt={"en": "A full hall"}, caption={"en": "=1+1"}
        ),
        add_photo(outcome, "green", consent="nobody", alt={"en": "An empty hall"}),
        add_photo(outcome, "red", consent="refused", alt={"en": "Somebody"}),
        add_photo(outcome, "black"),
    ]
    vip = e.TagFactory(organisation=organisation, name="VIP")
    press = e.TagFactory(organisation=organisation, name="Press")
    kind = r.RegistrationTypeFactory(conference=conference)
    question = add_usual_question(conference=conference, name="funders", actor=SYSTEM)
    now = timezone.now()

    def guest(given, family, *tags, came=False, agrees=False, invited=False):
        person = e.PersonFactory(organisation=organisation, given_name=given, family_name=family)
        person.tags.set(tags)
        row = r.RegistrationFactory(
            registration_type=kind,
            person=person,
            given_name=given,
            family_name=family,
            affiliation="Institute",
            checked_in_at=now if came else None,
        )
        if agrees:
            agree(row, question)
        if invited:
            r.InvitationFactory(
                registration_type=kind,
                person=person,
                registration=row,
                sent_at=now,
                response="accepted",
                answered_at=now,
                answered_via="link",
            )
        return row

    guests = {
        "ana": guest("Ana", "Anić", vip, came=True, agrees=True, invited=True),
        "boris": guest("Boris", "Babić", vip, press, invited=True),
        "ceca": guest("Ceca", "Cvetić", came=True),
        "dana": guest("Dana", "Dulić", press, came=True, agrees=True),
    }
    withdrawn = guests["dana"].consents.get()
    withdrawn.withdrawn_at = now
    withdrawn.save()
    r.RegistrationFactory(registration_type=kind, person=speaker, given_name="Vera")
    r.RegistrationFactory(registration_type=kind, status="cancelled", given_name="Gone")
    for row in (guests["ana"], guests["boris"]):
        n.MessageFactory(registration=row, state="sent", sent_at=now)
    n.MessageFactory(registration=guests["ceca"], state="failed")
    return SimpleNamespace(
        conference=conference,
        outcome=outcome,
        photos=photos,
        guests=guests,
        question=question,
        speaker=speaker,
        kind=kind,
    )


def opened(pack):
    """Return the ZIP of a pack that is done."""
    pack.refresh_from_db()
    with pack.file.file.open("rb") as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))
