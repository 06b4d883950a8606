"""The organisers' pages about invited guests."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from core.actors import SYSTEM, Actor
from events.models import Person
from registrations.models import GuestImport, Invitation, InvitationEvent, RegistrationType
from registrations.services.answering import answer_invitation
from registrations.services.invitation_links import invitation_path
from registrations.services.inviting import change_invitation
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

LIST = "/manage/institute/forum/invitations/"
THEN = dt.datetime(2027, 2, 20, 9, tzinfo=dt.UTC)


@pytest.fixture
def desk(conference, client_as, account_with_role):
    """An organiser's browser."""
    return client_as(account_with_role(Role.ORGANISER))


@pytest.fixture
def registrar(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def door(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.DOOR))


@pytest.fixture
def guest(guest_type, organisation):
    """Return a function: somebody who was asked and is silent."""

    def make(given="Ana", family="Ilić", **fields):
        person = fields.pop("person", None) or PersonFactory(
            organisation=organisation, given_name=given, family_name=family
        )
        fields.setdefault("sent_at", THEN)
        fields.setdefault("last_sent_at", fields["sent_at"])
        return InvitationFactory(registration_type=guest_type, person=person, **fields)

    return make


def text_of(answer):
    return answer.content.decode()


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def names(page):
    return [row.person.given_name for row in page.context["page_obj"].object_list]


# --- The list ------------------------------------------------------------------------------------
def test_the_list_is_found_filtered_and_searched(desk, guest):
    guest("Ana", "Ilić")
    guest("Ђорђе", "Цвијић", sent_at=None)

    page = desk.get(LIST)
    assert names(page) == ["Ђорђе", "Ana"]
    assert "Nobody has typed 2 of the salutations" in " ".join(text_of(page).split())
    assert names(desk.get(f"{LIST}?q=cvijic")) == ["Ђорђе"]
    assert names(desk.get(f"{LIST}?sent=no")) == ["Ђорђе"]
    shown = text_of(desk.get(f"{LIST}?sent=no&q=cvijic"))
    assert 'href="?q=cvijic"' in shown, "a chip is removed, the words stay"
    assert "Nobody fits this." in text_of(desk.get(f"{LIST}?q=xyz"))


def test_an_empty_list_says_so(desk, guest_type):
    assert "Nobody is invited yet." in text_of(desk.get(LIST))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(desk, guest, count, django_assert_num_queries):
    for n in range(count):
        guest(f"Guest {n}")
    desk.get(LIST)

    # Session, account, membership, conference; number and rows, tags, assistants; numbers of the
    # filters (3); kept places.
    with django_assert_num_queries(12):
        desk.get(LIST)


def test_who_only_reads_sees_no_verbs(door, guest):
    row = guest()
    page = text_of(door.get(LIST))
    assert "selection-bar" not in page
    assert "Import" not in page
    shown = text_of(door.get(f"{LIST}{row.code}/"))
    assert invitation_path(row) not in shown
    assert "Record an answer" not in shown


def test_markup_in_a_name_stays_text(desk, guest):
    row = guest("<script>x</script>", note="<script>x</script>")
    for path in (LIST, f"{LIST}{row.code}/", f"{LIST}call-list/", f"{LIST}salutations/"):
        assert "<script>x" not in text_of(desk.get(path))


def read_csv(answer):
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_the_files_run_no_formula(desk, guest):
    guest("=1+1", "@SUM(A1)", note="+cmd")
    guest("Ana", sent_at=None)

    rows = read_csv(desk.get(f"{LIST}invitations.csv"))
    assert [row["given_name"] for row in rows] == ["'=1+1", "Ana"]
    (row,) = read_csv(desk.get(f"{LIST}call-list.csv"))
    assert (row["given_name"], row["family_name"], row["note"]) == ("'=1+1", "'@SUM(A1)", "'+cmd")
    assert [r["given_name"] for r in read_csv(desk.get(f"{LIST}invitations.csv?sent=no"))] == [
        "Ana"
    ]


# --- One verb for many ---------------------------------------------------------------------------
def bulk(client, rows, **data):
    return client.post(f"{LIST}bulk/", {"pick": [row.code for row in rows], **data}, follow=True)


def test_who_had_the_invitation_before_is_counted_before_it_goes_again(desk, guest):
    page = bulk(desk, [guest("Ana"), guest("Iva"), guest("Mia", sent_at=None)], verb="send")
    text = " ".join(text_of(page).split())
    assert "2 of them had it before: to them it goes once more." in text


def test_sending_is_confirmed_with_numbers(desk, guest, organisation):
    rows = [guest(f"Guest {n}", sent_at=None) for n in range(3)]
    no_address = guest(
        person=PersonFactory(organisation=organisation, email=""),
        sent_at=None,
    )
    page = bulk(desk, [*rows, no_address], verb="send")

    text = " ".join(text_of(page).split())
    assert "Send the invitation to 3 guests" in text
    assert "1 skipped" in text
    assert "1: There is no e-mail address." in text
    assert "had it before" not in text
    assert Invitation.objects.filter(sent_at__isnull=False).count() == 0

    codes = page.context["codes"]
    done = desk.post(
        f"{LIST}bulk/", {"codes": codes, "verb": "send", "confirm": "yes"}, follow=True
    )
    assert said(done) == [
        "The invitation is on its way to 3 guests.",
        "1 skipped: There is no e-mail address.",
    ]
    assert Invitation.objects.filter(sent_at__isnull=False).count() == 3


def test_all_found_can_be_meant(desk, guest):
    guest("Ana", wave=2)
    guest("Iva")
    page = desk.post(f"{LIST}bulk/", {"everybody": "1", "wave": "2", "verb": "withdraw"})
    assert page.context["outcome"].done == 1


def test_a_wave_and_an_owner_are_set(desk, guest, account_with_role):
    row = guest()
    member = account_with_role(Role.REGISTRAR)
    page = bulk(desk, [row], more="wave")
    assert page.context["wave"] == 2
    for data in ({"verb": "wave", "wave": "5"}, {"verb": "owner", "owner": str(member.pk)}):
        desk.post(f"{LIST}bulk/", {"codes": row.code, "confirm": "yes", **data})
    row.refresh_from_db()
    assert (row.wave, row.owner) == (5, member)


@pytest.mark.parametrize("data", [{}, {"verb": "dance"}, {"verb": "send", "pick": "ZZZZZZZZZZ"}])
def test_without_guests_or_a_verb_nothing_happens(desk, guest, data):
    guest()
    answer = desk.post(f"{LIST}bulk/", data, follow=True)
    assert said(answer) == ["Choose guests first, and then what to do."]


def test_a_draft_refuses_before_anything_is_confirmed(desk, guest, conference):
    conference.state = "draft"
    conference.save()
    assert "Publish the conference" in said(bulk(desk, [guest()], verb="send"))[0]


# --- One guest -----------------------------------------------------------------------------------
def test_a_guests_page_says_all_and_shows_the_link(desk, guest):
    row = guest()
    page = text_of(desk.get(f"{LIST}{row.code}/"))
    assert invitation_path(row) in page
    assert "Record an answer" in page
    assert "Dear Ana Ilić" in page


def test_facts_are_changed_on_the_version_that_was_read(desk, guest):
    row = guest()
    data = {
        "registration_type": "guest",
        "wave": "3",
        "owner": "",
        "reply_until_local": "2027-03-10T18:00",
        "plus_one": "on",
        "note": "Ask twice",
        "version": "1",
    }
    assert desk.post(f"{LIST}{row.code}/", data).status_code == 302
    row.refresh_from_db()
    assert (row.wave, row.plus_one, row.note) == (3, True, "Ask twice")
    assert row.reply_until_at == dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)
    stale = desk.post(f"{LIST}{row.code}/", data)
    assert "changed this" in text_of(stale)


ANSWER = {"response": "accepted", "via": "phone", "answered_by": "Mina from the office"}


def test_an_answer_by_phone_is_written_down(desk, guest, account_with_role):
    row = guest()
    answer = desk.post(f"{LIST}{row.code}/answer/", {**ANSWER, "version": "1"}, follow=True)

    row.refresh_from_db()
    assert (row.response, row.answered_via, row.answered_by) == (
        "accepted",
        "phone",
        "Mina from the office",
    )
    assert row.registration.status == "confirmed"
    text = " ".join(text_of(answer).split())
    assert "Answered: coming, <span" in text
    assert "by phone from Mina from the office, written down by " in text


def test_a_delegate_a_companion_and_a_regret(desk, guest):
    row = guest(plus_one=True)
    names = {"delegate_given_name": "Petar", "delegate_family_name": "Kovač"}
    desk.post(f"{LIST}{row.code}/answer/", {**ANSWER, **names, "response": "delegate"})
    row.refresh_from_db()
    assert (row.by_delegate, row.registration.given_name) == (True, "Petar")
    # Without names it stays who was named before.
    more = {"companion_given_name": "Mira", "companion_family_name": "Kovač"}
    desk.post(f"{LIST}{row.code}/answer/", {**ANSWER, **more, "response": "delegate"})
    row.refresh_from_db()
    assert (row.registration.given_name, row.companion.given_name) == ("Petar", "Mira")

    regret = {"response": "declined", "via": "mail", "reason": "Away", "wants_findings": "on"}
    desk.post(f"{LIST}{row.code}/answer/", regret)
    row.refresh_from_db()
    assert (row.response, row.decline_reason, row.wants_findings) == ("declined", "Away", True)


@pytest.mark.parametrize(
    "data",
    [{}, {"response": "perhaps", "via": "phone"}, {"response": "accepted", "via": "link"}],
    ids=["nothing", "no answer", "not by an organiser"],
)
def test_what_is_no_answer_is_refused(desk, guest, data):
    row = guest()
    assert desk.post(f"{LIST}{row.code}/answer/", data).status_code == 200
    row.refresh_from_db()
    assert row.response == ""


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("send", "The mail is on its way to Ana Ilić."),
        ("withdraw", "The invitation of Ana Ilić is withdrawn."),
        ("revoke-link", "The link that Ana Ilić has opens nothing any more."),
        ("hold", "A place is kept for Ana Ilić."),
        ("release", "The place of Ana Ilić is free for others."),
        ("save-the-date", "Has been invited already."),
    ],
)
def test_each_verb_has_a_button(desk, guest, verb, sentence):
    row = guest(held=1 if verb == "release" else 0)
    answer = desk.post(f"{LIST}{row.code}/{verb}/", {"version": "1"}, follow=True)
    assert said(answer) == [sentence]


def test_an_unknown_verb_is_not_there(desk, guest):
    assert desk.post(f"{LIST}{guest().code}/dance/").status_code == 404


# --- Call list, salutations, funnel --------------------------------------------------------------
def test_the_call_list_records_in_one_tap(desk, guest, account_with_role):
    mine = guest("Mine", owner=account_with_role(Role.ORGANISER))
    other = guest("Other")
    guest("Unasked", sent_at=None)
    page = desk.get(f"{LIST}call-list/")
    assert [line["person"].given_name for line in page.context["lines"]] == ["Mine", "Other"] or [
        line["person"].given_name for line in page.context["lines"]
    ] == ["Other", "Mine"]
    only = desk.get(f"{LIST}call-list/?mine=1").context["lines"]
    assert [line["invitation"] for line in only] == [mine]

    data = {"code": other.code, "version": "1", "response": "declined"}
    answer = desk.post(f"{LIST}call-list/", data, follow=True)
    assert said(answer) == ["Other Ilić: not coming. It is written down."]
    other.refresh_from_db()
    assert (other.response, other.answered_via) == ("declined", "phone")
    assert len(answer.context["lines"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_call_list_costs_the_same_for_many(desk, guest, count, django_assert_num_queries):
    for n in range(count):
        guest(f"Guest {n}")
    desk.get(f"{LIST}call-list/")
    # Session, account, membership, conference, rows, tags, assistants.
    with django_assert_num_queries(7):
        desk.get(f"{LIST}call-list/")


def test_salutations_are_typed_together(desk, guest, organisation):
    one, two = guest("Ana"), guest("Iva")
    page = desk.get(f"{LIST}salutations/")
    assert page.context["total"] == 2
    data = {
        f"salutation-{one.person.code}": "Your Excellency",
        f"salutation-{two.person.code}": " ",
    }
    answer = desk.post(f"{LIST}salutations/", data, follow=True)
    assert said(answer) == ["1 salutation saved."]
    one.person.refresh_from_db()
    two.person.refresh_from_db()
    assert (one.person.salutation, two.person.salutation) == ({"en": "Your Excellency"}, {})
    assert answer.context["total"] == 1
    assert desk.get(f"{LIST}salutations/?guest={two.code}").context["total"] == 1


def test_salutations_are_for_who_may_change_people(registrar, guest):
    guest()
    assert registrar.get(f"{LIST}salutations/").status_code == 403
    assert "Salutations" not in text_of(registrar.get(LIST)).split("<table")[0]


def test_the_funnel_is_drawn_with_words(desk, guest):
    guest()
    page = " ".join(text_of(desk.get(f"{LIST}funnel/")).split())
    assert "Added 1, Sent 1, Page seen 0, Answered 0, Coming 0, Came 0" in page
    assert "nobody can say how many" in page


# --- Adding --------------------------------------------------------------------------------------
def test_people_are_added_by_tag_with_numbers_first(desk, guest, organisation, guest_type):
    vip = TagFactory(organisation=organisation, slug="vip")
    here = guest()
    fresh = [PersonFactory(organisation=organisation) for _ in range(2)]
    for person in (here.person, *fresh):
        person.tags.add(vip)

    page = desk.get(f"{LIST}add/?tag=vip")
    assert "3 people, 1 already invited" in " ".join(text_of(page).split())
    data = {
        "tag": "vip",
        "pick": [fresh[0].code, here.person.code],
        "registration_type": "guest",
        "wave": "2",
        "hold": "on",
    }
    answer = desk.post(f"{LIST}add/", data, follow=True)
    assert said(answer) == [
        "1 guest is new on the list, 1 were on it already. Nothing has been sent."
    ]
    made = Invitation.objects.get(person=fresh[0])
    assert (made.wave, made.sent_at, made.held_places.count()) == (2, None, 1)
    assert not Invitation.objects.filter(person=fresh[1]).exists()


def test_who_gets_no_place_is_invited_all_the_same(desk, organisation, conference):
    RegistrationTypeFactory(conference=conference, slug="small", capacity=0)
    tag = TagFactory(organisation=organisation, slug="vip")
    person = PersonFactory(organisation=organisation)
    person.tags.add(tag)
    data = {
        "tag": "vip",
        "pick": person.code,
        "registration_type": "small",
        "wave": "1",
        "hold": "on",
    }
    assert "For 1 of them no place was left" in said(desk.post(f"{LIST}add/", data, follow=True))[1]


def test_without_a_type_nobody_is_added(desk, conference):
    assert "First say what kinds of place" in text_of(desk.get(f"{LIST}add/"))


# --- Import --------------------------------------------------------------------------------------
TEXT = "Ime;Prezime;E-mail\nŠćepan;Čolić;scepan@example.org\nŽarko;Đorđević;zarko@\n"


def upload(client, content, name="gosti.csv"):
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(f"{LIST}import/", {"file": file}, follow=True)


def test_a_list_is_looked_at_before_it_comes_in(desk, guest_type):
    page = upload(desk, TEXT.encode("cp1250"))
    assert page.redirect_chain
    text = " ".join(text_of(page).split())
    assert "Šćepan Čolić" in text
    assert "This is not an e-mail address. (“zarko@”)" in text
    assert "Import 1 guest<" in text
    assert page.context["encoding_now"] == "cp1250"
    assert Person.objects.count() == 0

    path = page.request["PATH_INFO"]
    data = {
        "encoding": "cp1250",
        "delimiter": ";",
        "column": ["given_name", "family_name", "email"],
        "registration_type": "guest",
        "wave": "1",
        "hold": "on",
        "source": "",
        "basis": "",
    }
    other = desk.post(path, {**data, "encoding": "iso8859-2"}, follow=True)
    assert "Šćepan" not in text_of(other)
    refused = desk.post(path, {**data, "start": "1"})
    assert "source" in refused.context["form"].errors
    assert Person.objects.count() == 0

    about = {"source": "List of the ministry", "basis": "Legitimate interest"}
    done = desk.post(path, {**data, **about, "start": "1"}, follow=True)
    assert "Nothing has been sent." in text_of(done)
    person = Person.objects.get()
    assert (person.given_name, person.family_name) == ("Šćepan", "Čolić")
    assert Invitation.objects.get().person == person


def test_columns_and_doubles_are_for_the_reader_to_choose(desk, guest_type, organisation):
    known = PersonFactory(organisation=organisation, given_name="Ana", family_name="Ilić")
    page = upload(desk, "A;B;C\nAna;Ilić;new@example.org\n".encode())
    path = page.request["PATH_INFO"]
    data = {
        "encoding": "utf-8",
        "delimiter": ";",
        "column": ["given_name", "family_name", "email"],
        "registration_type": "guest",
        "wave": "1",
        "source": "x",
        "basis": "y",
    }
    page = desk.post(path, data, follow=True)
    assert [one["can_choose"] for one in page.context["lines"]] == [True]
    assert page.context["coming_in"] == 0
    desk.post(path, {**data, "choice-2": known.code, "start": "1"})
    assert Invitation.objects.get().person == known


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file."),
        (b"PK\x03\x04 no", "This is no workbook"),
        (b"Name\n", "This list holds nobody"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
    ids=["nothing", "no workbook", "nobody", "too large"],
)
def test_what_is_no_list_is_refused_at_the_door(desk, guest_type, content, sentence):
    page = desk.post(f"{LIST}import/", {}) if not content else upload(desk, content)
    assert sentence in text_of(page)
    assert GuestImport.objects.count() == 0


def test_a_list_may_be_larger_than_other_forms_but_not_by_far(desk, guest_type):
    row = b"Ana;" + b"x" * 900 + b"\n"
    assert upload(desk, b"Ime;Napomena\n" + row * 4000).status_code == 200
    assert GuestImport.objects.count() == 1
    assert upload(desk, b"x" * (12 * 1024 * 1024)).status_code == 413
    elsewhere = {"file": SimpleUploadedFile("list.csv", b"x" * 3 * 1024 * 1024)}
    assert desk.post("/manage/institute/people/new/", elsewhere).status_code == 413


def test_imports_are_for_who_may_add_people(registrar, conference):
    assert registrar.get(f"{LIST}import/").status_code == 403


def test_a_long_list_is_left_to_a_worker(desk, guest_type, monkeypatch):
    monkeypatch.setattr("registrations.services.guest_import.AT_ONCE", 0)
    nudged = []
    monkeypatch.setattr(
        "registrations.views.manage.guest_imports.import_guests.apply_async",
        lambda **options: nudged.append(options),
    )
    path = upload(desk, TEXT.encode()).request["PATH_INFO"]
    data = {
        "column": ["given_name", "family_name", "email"],
        "registration_type": "guest",
        "wave": "1",
        "source": "x",
        "basis": "y",
        "start": "1",
    }
    page = desk.post(path, data, follow=True)
    assert "0 of 2 lines are in" in text_of(page)
    assert len(nudged) == 1
    from registrations.tasks import import_guests

    import_guests()
    assert "Nothing has been sent." in text_of(desk.get(path))


def test_every_step_is_in_the_history(desk, guest):
    row = guest(sent_at=None)
    desk.post(f"{LIST}{row.code}/send/")
    desk.post(f"{LIST}{row.code}/answer/", ANSWER)
    verbs = list(InvitationEvent.objects.values_list("verb", flat=True))
    assert verbs == ["send", "answer"]
    assert reverse("manage-invitations", args=["institute", "forum"]) == LIST


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"via": "link", "actor": Actor("guest")},
            "Answered: coming, by the guest, through their link",
        ),
        (
            {"via": "assistant", "actor": Actor("guest"), "answered_by": "Mia"},
            "Answered: coming, by Mia for the guest, through the guest's link",
        ),
        (
            {"via": "phone", "actor": SYSTEM, "answered_by": "Mia"},
            "Answered: coming, by phone from Mia, written down by Lectern",
        ),
        ({"via": "in_person", "actor": SYSTEM}, "in person, written down by Lectern"),
    ],
)
def test_the_history_says_who_answered_and_how(desk, guest, said, sentence):
    row = guest()
    answer_invitation(invitation=row, response="accepted", **said)
    page = re.sub(r"<[^>]+>", "", unescape(text_of(desk.get(f"{LIST}{row.code}/"))))
    assert sentence in " ".join(page.split())


def test_kept_places_are_called_as_their_type_is(desk, guest):
    row = guest()
    RegistrationType.objects.filter(pk=row.registration_type_id).update(
        name={"en": "Guests of honour"}
    )
    change_invitation(invitation=row, changes={"hold": True}, expected=None, actor=SYSTEM)
    page = text_of(desk.get(LIST))
    assert "Guests of honour</th>" in page
    assert "<span>All on this page</span>" in page
