"""Two people who are one: all moves, undoing puts all back, refusals leave no trace."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.models import (
    Assistant,
    Availability,
    Candidate,
    Material,
    Participation,
    Person,
    PersonMerge,
    SpeakerNeed,
)
from events.services import merging
from events.services.merge_rows import TO_PEOPLE, key_of
from events.services.people import change_person, delete_person
from events.services.programmes import read_programme
from events.services.schedules import (
    current_programme,
    programme_changes,
    publish_schedule,
)
from events.services.tags import tag_rows
from events.tasks import forget_merged_people
from notifications.models import Message
from notifications.services import merging_people as mail
from registrations.models import Invitation, Registration
from registrations.services import merging_people as guests
from tests.factories.events import (
    ConferenceFactory,
    OutcomeItemFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
)
from tests.factories.notifications import MessageFactory, ReminderRuleFactory
from tests.factories.registrations import InvitationFactory, RegistrationFactory

APPS = ("events", "registrations", "notifications")
# What a merge raises and an undoing does not lower.
RAISED = {"version", "updated_at", "plan_revision"}


def tables():
    """Return all rows of all tables, but for what rises with each change, and for the merges."""
    found = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if model is PersonMerge:
                continue
            keep = [
                f.attname
                for f in model._meta.concrete_fields
                if f.name not in RAISED and not (model._meta.auto_created and f.primary_key)
            ]
            found[model._meta.label] = sorted(map(repr, model._default_manager.values_list(*keep)))
    return found


@pytest.fixture
def two(organisation, conference):
    """Two people with a trace in every table that knows people."""
    kept = PersonFactory(
        organisation=organisation, given_name="Mila", family_name="Đorđević", code="KEPT22",
        phone="", bio={"en": "Reads rivers."}, notes="Met in May.",
    )  # fmt: skip
    gone = PersonFactory(
        organisation=organisation, given_name="Милa", family_name="Djordjevic", code="GNE222",
        phone="+381 11", bio={"en": "Other.", "sr-Latn": "Čita reke."}, notes="Likes tea.",
        position="Professor",
    )  # fmt: skip
    kept.tags.set(tag_rows(organisation.pk, {"vip": ""}))
    gone.tags.set(tag_rows(organisation.pk, {"vip": "", "press": ""}))
    panel = SessionFactory(conference=conference, code="PANEL2")
    other = SessionFactory(conference=conference, code="THER22")
    # Both on one panel in one role; the one who would be gone has come further.
    mine = ParticipationFactory(session=panel, person=kept, state="invited", order=0)
    theirs = ParticipationFactory(session=panel, person=gone, state="confirmed", order=1)
    alone = ParticipationFactory(session=other, person=gone, role="moderator")
    SpeakerNeed.objects.create(participation=mine, kind="bio")
    SpeakerNeed.objects.create(
        participation=mine, kind="photo", state="given", settled_at=timezone.now()
    )
    SpeakerNeed.objects.create(participation=theirs, kind="photo")
    stand_in = ParticipationFactory(session=panel, replaces=mine, order=2)
    Material.objects.create(
        conference=conference, session=panel, kind="link", title={"en": "Slides"},
        url="https://example.org/", participation=mine,
    )  # fmt: skip
    Assistant.objects.create(person=gone, name="Ana", email="ana@example.org")
    for person in (kept, gone):
        Candidate.objects.create(session=other, person=person, role="panellist")
    Candidate.objects.create(session=panel, person=gone, role="moderator", note="Knows all.")
    Availability.objects.create(
        conference=conference, person=gone, start_local=conference.start_local,
        end_local=conference.end_local, starts_at=conference.starts_at, ends_at=conference.ends_at,
    )  # fmt: skip
    OutcomeItemFactory(outcome__conference=conference, person=gone)
    place = RegistrationFactory(registration_type__conference=conference, person=gone)
    guest = InvitationFactory(
        registration_type=place.registration_type, person=gone, registration=place
    )
    rule = ReminderRuleFactory(conference=conference)
    MessageFactory(
        registration=place, person=gone, participation=theirs, rule=rule, kind="reminder",
        key=f"reminder:{rule.code}:GNE222:start", state="sent", sent_at=timezone.now(),
    )  # fmt: skip
    MessageFactory(registration=place, person=gone, participation=mine, invitation=guest)
    return kept, gone, {"mine": mine, "theirs": theirs, "alone": alone, "after": stand_in}


def merge(kept, gone, actor=SYSTEM, **more):
    return merging.merge_people(kept=kept, gone=gone, actor=actor, **more)


def test_everything_is_put_under_the_one_who_stays(two, actor, audited):
    kept, gone, parts = two
    made = merge(kept, gone, actor)
    assert list(Person.objects.filter(code__in=["KEPT22", "GNE222"])) == [kept]
    kept.refresh_from_db()
    assert (kept.given_name, kept.phone, kept.position) == ("Mila", "+381 11", "Researcher")
    assert kept.bio == {"en": "Reads rivers.", "sr-Latn": "Čita reke."}
    assert kept.notes == "Met in May.\n\nLikes tea."
    assert sorted(tag.slug for tag in kept.tags.all()) == ["press", "vip"]
    mine = Participation.objects.filter(person=kept).order_by("pk")
    # The confirmed one stays, and what the other one had given is its own now.
    assert [(p.pk, p.state) for p in mine] == [
        (parts["theirs"].pk, "confirmed"),
        (parts["alone"].pk, "confirmed"),
    ]
    assert sorted(parts["theirs"].needs.values_list("kind", "state")) == [
        ("bio", "open"),
        ("photo", "given"),
    ]
    parts["after"].refresh_from_db()
    assert parts["after"].replaces_id == parts["theirs"].pk
    assert Material.objects.get().participation_id == parts["theirs"].pk
    assert Candidate.objects.filter(person=kept).count() == 2
    for model in (Assistant, Availability, Invitation, Registration):
        assert model.objects.get().person_id == kept.pk
    sent, waiting = Message.objects.order_by("pk")
    assert sent.key.endswith(":KEPT22:start")
    assert {sent.person_id, waiting.person_id} == {kept.pk}
    assert waiting.participation_id == parts["theirs"].pk
    assert (made.gone_code, made.gone_uid, made.kept_id) == ("GNE222", gone.uid, kept.pk)
    verb, changed, facts = audited()
    assert (verb, facts["gone"]) == ("merge_people", "GNE222")
    assert set(changed) >= {"phone", "bio", "notes"}


def test_undoing_puts_every_table_back_as_it_was(two, actor, audited):
    kept, gone, _ = two
    before = tables()
    made = merge(kept, gone, actor, choices={"given_name": "gone", "email": "gone"})
    assert tables() != before
    again = merging.undo_merge(merge=made, actor=actor)
    assert tables() == before
    assert (again.pk, again.uid, again.code) == (gone.pk, gone.uid, "GNE222")
    assert again.version > gone.version
    made.refresh_from_db()
    assert made.undone_at is not None
    assert (made.snapshot, made.moved) == ({}, {})
    assert audited()[0] == "undo_merge"
    with pytest.raises(DomainError, match="has been undone"):
        merging.undo_merge(merge=made, actor=actor)


def test_the_other_way_round_is_put_back_as_well(two, actor):
    kept, gone, _ = two
    before = tables()
    made = merge(gone, kept, actor, choices={"notes": "kept", "no_photo": "gone"})
    merging.undo_merge(merge=made, actor=actor)
    assert tables() == before


def test_two_merges_are_undone_last_first(two, organisation, actor):
    kept, gone, _ = two
    third = PersonFactory(organisation=organisation, given_name="Third", family_name="")
    before = tables()
    first, second = merge(kept, gone, actor), merge(kept, third, actor)
    with pytest.raises(DomainError, match="Third was merged into the same person later"):
        merging.undo_merge(merge=first, actor=actor)
    merging.undo_merge(merge=second, actor=actor)
    merging.undo_merge(merge=first, actor=actor)
    assert tables() == before


def test_a_chain_leads_to_the_last_one_and_back(two, organisation, actor):
    kept, gone, _ = two
    last = PersonFactory(organisation=organisation)
    before = tables()
    first, second = merge(kept, gone, actor), merge(last, kept, actor)
    assert {m.gone_code: m.kept_id for m in PersonMerge.objects.all()} == {
        "GNE222": last.pk,
        "KEPT22": last.pk,
    }
    first.refresh_from_db()
    with pytest.raises(DomainError, match="Undo that first"):
        merging.undo_merge(merge=first, actor=actor)
    merging.undo_merge(merge=second, actor=actor)
    first.refresh_from_db()
    merging.undo_merge(merge=first, actor=actor)
    assert tables() == before


def test_what_was_changed_after_the_merge_stays_changed(two, actor):
    kept, gone, _ = two
    made = merge(kept, gone, actor)
    change_person(person=kept, changes={"phone": "+49 1"}, expected=None, actor=actor)
    again = merging.undo_merge(merge=made, actor=actor)
    kept.refresh_from_db()
    assert (kept.phone, again.phone) == ("+49 1", "+381 11")


@pytest.mark.parametrize("model", [Registration, Invitation])
def test_two_live_ones_at_one_conference_are_refused(two, actor, refused, model):
    kept, gone, _ = two
    kind = Registration.objects.get().registration_type
    if model is Registration:
        RegistrationFactory(registration_type=kind, person=kept)
    else:
        InvitationFactory(registration_type=kind, person=kept)
    before = tables()
    with pytest.raises(DomainError) as caught:
        merge(kept, gone, actor)
    assert caught.value.kind == "conflict"
    assert model.objects.get(person=gone).code in caught.value.detail
    assert "“Forum”" in caught.value.detail
    assert tables() == before
    assert (PersonMerge.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("choices", "pointer"),
    [
        ({"email": "both"}, "/choices/email"),
        ({"email": "mine"}, "/choices/email"),
        ({"search_key": "gone"}, "/choices/search_key"),
        ({"tags": "gone"}, "/choices/tags"),
    ],
)
def test_a_choice_that_is_none_is_refused(two, actor, refused, choices, pointer):
    kept, gone, _ = two
    with refused("validation-failed", kept, gone, pointer=pointer):
        merge(kept, gone, actor, choices=choices)


def test_strangers_and_oneself_are_refused(two, other_organisation, actor, refused):
    kept, gone, _ = two
    with refused("validation-failed", kept):
        merge(kept, kept, actor)
    with refused("validation-failed", kept):
        merge(kept, PersonFactory(organisation=other_organisation), actor)
    with refused("stale", kept, gone):
        merge(kept, gone, actor, expected=7)
    with refused("stale", kept, gone):
        merge(kept, gone, actor, expected_gone=7)


def test_after_thirty_days_nothing_is_kept_and_nothing_is_undone(two, actor):
    kept, gone, _ = two
    made = merge(kept, gone, actor)
    assert merging.forget_merges() == 0
    PersonMerge.objects.update(undo_until=timezone.now() - dt.timedelta(seconds=1))
    forget_merged_people()
    assert merging.forget_merges() == 0
    made.refresh_from_db()
    assert (made.snapshot, made.moved, made.gone_code) == ({}, {}, "GNE222")
    with pytest.raises(DomainError, match="for 30 days"):
        merging.undo_merge(merge=made, actor=actor)


def test_the_published_programme_reads_the_former_code_as_the_one_who_stays(two, actor):
    kept, gone, parts = two
    conference = parts["mine"].session.conference
    Participation.objects.filter(pk=parts["mine"].pk).update(state="confirmed")
    version = publish_schedule(conference=conference, name="", actor=actor)
    before = current_programme(conference)
    assert [p.person_code for p in before.sessions_by_code["PANEL2"].participations] == [
        "KEPT22",
        "GNE222",
        parts["after"].person.code,
    ]
    made = merge(kept, gone, actor)
    programme = current_programme(conference)
    assert programme.stamp != before.stamp
    # Once, although the document names both.
    assert [p.person_code for p in programme.sessions_by_code["PANEL2"].participations] == [
        "KEPT22",
        parts["after"].person.code,
    ]
    assert [s.code for s, _ in programme.sessions_of("KEPT22")] == ["PANEL2", "THER22"]
    everybody = read_programme(conference, version.document, public=False)
    assert everybody.sessions_of("GNE222") == []
    assert not any("left" in change.sentence for change in programme_changes(conference))
    with pytest.raises(DomainError, match="not deleted"):
        delete_person(person=kept, expected=None, actor=actor)
    merging.undo_merge(merge=made, actor=actor)
    assert len(current_programme(conference).sessions_of("GNE222")) == 2


def test_names_follow_into_lists_of_invitations(two, actor):
    kept, gone, _ = two
    made = merge(kept, gone, actor)
    kept.refresh_from_db()
    assert Invitation.objects.get().sort_key == kept.sort_key
    again = merging.undo_merge(merge=made, actor=actor)
    assert Invitation.objects.get().sort_key == again.sort_key


def test_every_foreign_key_to_a_person_is_moved_by_somebody():
    """A new one fails here until a mover of its app knows it."""
    handled = {key_of(model, name) for model, name in TO_PEOPLE}
    handled |= {guests.INVITATIONS, guests.REGISTRATIONS, mail.MESSAGES}
    pointing = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Person
    }
    assert pointing - {"events.person_tags.person"} == handled


def test_every_foreign_key_to_a_participation_is_known_to_the_join():
    pointing = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Participation
    }
    assert pointing == {
        "events.participation.replaces",
        "events.speakerneed.participation",
        "events.material.participation",
        "notifications.message.participation",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_people_of_three_conferences_cost_as_much_as_of_one(
    organisation, actor, django_assert_num_queries, count
):
    kept, gone = PersonFactory.create_batch(2, organisation=organisation)
    for _ in range(count):
        session = SessionFactory(conference=ConferenceFactory(organisation=organisation))
        ParticipationFactory(session=session, person=gone)
    with django_assert_num_queries(67):
        merge(kept, gone, actor)
