"""The rules of a machine for places that are kept: by codes, hold-backs and invitations."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, rule

from core.actors import SYSTEM
from registrations.models import AccessCode, HoldBack, Invitation
from registrations.services.access_codes import (
    change_access_code,
    end_access_code,
    release_expired_codes,
)
from registrations.services.answering import answer_invitation
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.hold_backs import (
    change_hold_back,
    create_hold_back,
    release_hold_back,
)
from registrations.services.holding import release_lapsed_holds
from registrations.services.inviting import (
    add_invitations,
    change_invitation,
    withdraw_invitation,
)
from registrations.services.walking_in import walk_in
from tests.factories.events import PersonFactory
from tests.registrations.services.places_world import World

SLUGS = st.sampled_from(["guest", "press", "approval"])


class KeptPlaces(World):
    """Keeping, giving and releasing; who comes is in the bundle of all registrations."""

    registrations = Bundle("registrations")
    invitations = Bundle("invitations")

    # --- Codes and hold-backs ------------------------------------------------------------------
    @rule(number=st.integers(0, 2))
    def keep_back(self, number):
        row = HoldBack.objects.filter(conference=self.conference).first()
        if row is None:
            self.attempt(
                create_hold_back, allotment=self.hall, name="Board", count=number, actor=SYSTEM
            )
        elif number:
            changes = {"count": number}
            self.attempt(
                change_hold_back, hold_back=row, changes=changes, expected=None, actor=SYSTEM
            )
        else:
            self.attempt(release_hold_back, hold_back=row, expected=None, actor=SYSTEM)

    @rule(target=registrations, slug=SLUGS, kept=st.booleans())
    def come_to_the_door(self, slug, kept):
        row = HoldBack.objects.filter(conference=self.conference).first()
        done = self.attempt(
            walk_in,
            conference=self.conference,
            type_slug=slug,
            given_name="Iva",
            hold_back=row.code if row is not None and kept else "",
            actor=SYSTEM,
        )
        return done.pk if done else None

    @rule(changes=st.sampled_from([
        {"max_uses": 1}, {"max_uses": 3}, {"holds_places": False}, {"holds_places": True},
        {"slugs": ["guest"]}, {"slugs": ["guest", "press"]}, {"slugs": ["guest", "approval"]},
    ]))  # fmt: skip
    def change_the_code(self, changes):
        given = dict(changes)
        if (slugs := given.pop("slugs", None)) is not None:
            given["registration_types"] = [self.types[slug] for slug in slugs]
        self.attempt(
            change_access_code, access_code=self.code, changes=given, expected=None, actor=SYSTEM
        )

    @rule(by_time=st.booleans())
    def end_the_code(self, by_time):
        if not by_time:
            self.attempt(end_access_code, access_code=self.code, expected=None, actor=SYSTEM)
            return
        over = timezone.now() - dt.timedelta(minutes=1)
        AccessCode.objects.filter(pk=self.code.pk).update(expires_at=over)
        self.attempt(release_expired_codes)

    # --- Invitations -----------------------------------------------------------------------------
    @rule(target=invitations, slug=SLUGS, plus_one=st.booleans())
    def invite(self, slug, plus_one):
        person = PersonFactory(organisation=self.conference.organisation)
        added = self.attempt(
            add_invitations,
            conference=self.conference,
            person_ids=[person.pk],
            type_slug=slug,
            plus_one=plus_one,
            actor=SYSTEM,
        )
        return added.invitations[0].pk

    @rule(
        pk=invitations,
        response=st.sampled_from(["accepted", "accepted", "declined", "tentative"]),
        companion=st.sampled_from([None, {}, {"given_name": "Lazar", "family_name": "Ilić"}]),
    )
    def answer(self, pk, response, companion):
        row = Invitation.objects.get(pk=pk)
        self.attempt(
            answer_invitation,
            invitation=row,
            response=response,
            companion=companion,
            via="link",
            actor=SYSTEM,
        )

    @rule(pk=invitations, verb=st.sampled_from([cancel_registration, uncancel_registration]))
    def do_to_guest(self, pk, verb):
        row = Invitation.objects.get(pk=pk).registration
        if row is not None:
            self.attempt(verb, registration=row, actor=SYSTEM)

    @rule(pk=invitations, changes=st.sampled_from([
        {"registration_type": "press"}, {"registration_type": "guest"}, {"plus_one": True},
        {"plus_one": False}, {"hold": True}, {"hold": False},
    ]))  # fmt: skip
    def change_the_invitation(self, pk, changes):
        row = Invitation.objects.get(pk=pk)
        self.attempt(
            change_invitation, invitation=row, changes=changes, expected=None, actor=SYSTEM
        )

    @rule(pk=invitations, by_time=st.booleans())
    def take_back_what_is_kept(self, pk, by_time):
        row = Invitation.objects.get(pk=pk)
        if not by_time:
            self.attempt(withdraw_invitation, invitation=row, expected=None, actor=SYSTEM)
            return
        over = timezone.now() - dt.timedelta(minutes=1)
        Invitation.objects.filter(pk=pk).update(reply_until_at=over)
        self.attempt(release_lapsed_holds)
