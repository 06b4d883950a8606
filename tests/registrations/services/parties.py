"""The rules of a machine for who comes together, and for who comes in somebody's place."""

from __future__ import annotations

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from core.actors import ANONYMOUS, SYSTEM
from registrations.models import Registration
from registrations.services.cancelling import cancel_registration
from registrations.services.party import Companion, GroupParty
from registrations.services.party_places import accept_offer_of_party, add_companion
from registrations.services.registering import register
from registrations.services.substituting import substitute
from tests.registrations.services.kept_places import KeptPlaces

SERIAL = count()
SIZES = st.integers(2, 3)


class Parties(KeptPlaces):
    """Several by one booking: who leads them may go, and any of them may send another person."""

    registrations = KeptPlaces.registrations

    def address(self):
        return f"party{next(SERIAL)}@example.org"

    @rule(
        target=registrations,
        slug=st.sampled_from(["guest", "press", "approval"]),
        size=SIZES,
        own_address=st.booleans(),
        code=st.sampled_from(["", "", "FRIENDS"]),
    )
    def come_together(self, slug, size, own_address, code):
        """All have a place or none; one of them may have an address of their own."""
        along = [Companion() for _ in range(size - 1)]
        if own_address:
            along[0] = Companion("Marko", "Ilić", self.address())
        before = self.all(Registration).count()
        lead = self.attempt(
            register,
            conference=self.conference,
            type_slug=slug,
            given_name="Ana",
            family_name="Petrović",
            email=self.address(),
            language="en",
            source="form",
            access_code=code,
            party=GroupParty(along),
            actor=ANONYMOUS,
        )
        assert self.all(Registration).count() == before + (size if lead else 0)
        return lead.pk if lead else None

    @rule(target=registrations, named=st.booleans())
    def bring_one_more(self, named):
        lead = self.all(Registration).live().filter(companions__isnull=False).last()
        if lead is None:
            return None
        details = {"given_name": "Iva", "family_name": "Kos", "email": self.address()}
        done = self.attempt(
            add_companion,
            registration=lead,
            details=details if named else {},
            actor=ANONYMOUS,
        )
        return done.pk if done else None

    @rule(everybody=st.booleans())
    def a_lead_cancels(self, everybody):
        """Where the others stay, one of them leads."""
        lead = self.all(Registration).live().filter(companions__isnull=False).first()
        if lead is not None:
            self.attempt(cancel_registration, registration=lead, everybody=everybody, actor=SYSTEM)

    @rule()
    def take_what_is_offered_together(self):
        offered = self.all(Registration).filter(status="offered", lead=None).first()
        if offered is not None:
            self.attempt(accept_offer_of_party, registration=offered, actor=SYSTEM)

    @rule(pk=registrations, by_guest=st.booleans())
    def send_somebody_else(self, pk, by_guest):
        """The place stays, with its code and its status; answers and their places go."""
        row = self.load(pk)
        if row is None:
            return
        done = self.attempt(
            substitute,
            registration=row,
            given_name="Lea",
            family_name="Nova",
            email=self.address(),
            expected=None,
            by_guest=by_guest,
            actor=SYSTEM,
        )
        if done is not None:
            row.refresh_from_db()
            assert (done.code, done.status, done.lead_id) == (row.code, row.status, row.lead_id)
            assert (row.given_name, row.answers.count()) == ("Lea", 0)

    @invariant()
    def no_party_is_without_who_leads_it(self):
        for row in self.all(Registration).live().filter(lead__isnull=False).select_related("lead"):
            assert row.lead.is_live, f"{row.pk} is led by who is over"
            assert row.lead.lead_id is None
            assert row.lead.booking_id == row.booking_id
