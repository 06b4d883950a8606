from __future__ import annotations

import pytest

from accounts.permissions import Permission
from core.models import AuditEntry
from events.enums import ConferenceState
from events.models import Conference
from events.signals import conference_moved
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    SeriesFactory,
    VenueFactory,
)

LIST = "/api/v1/organisations/institute/conferences/"
BODY = {
    "slug": "spring-forum",
    "kind": "half_day_conference",
    "title": {"en": "Spring forum", "sr-Latn": "Prolećni forum"},
    "start": "2027-03-28T10:00",
    "end": "2027-03-28T13:30",
    "time_zone": "Europe/Belgrade",
    "mode": "in_person",
    "languages": ["en", "sr-Latn"],
    "visibility": "public",
}


def test_a_conference_is_made_with_local_times_and_answers_instants(api):
    answer = api.post(LIST, BODY)

    assert answer.status_code == 201
    assert answer["ETag"] == '"v1"'
    assert answer["Location"] == f"http://testserver{LIST}spring-forum/"
    body = answer.json()
    assert body.pop("uid") == str(Conference.objects.get().uid)
    assert body == {
        **BODY,
        "subtitle": {},
        "description": {},
        "doors": None,
        "changes_until": None,
        "reply_until": None,
        "online_note": {},
        "state": "draft",
        "series": None,
        "venues": [],
        "contact_name": "",
        "contact_email": "",
        "contact_phone": "",
        "speaker_needs": ["bio", "photo"],
        "starts_at": "2027-03-28T08:00:00Z",
        "ends_at": "2027-03-28T11:30:00Z",
        "doors_at": None,
    }
    assert api.get(f"{LIST}spring-forum/").json()["slug"] == "spring-forum"


def test_a_conference_may_be_made_published_with_series_and_venues(api, organisation):
    venue = VenueFactory(organisation=organisation)
    SeriesFactory(organisation=organisation, slug="forums")
    answer = api.post(
        LIST, {**BODY, "state": "published", "series": "forums", "venues": [venue.code]}
    )
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["series"], answer.json()["venues"]) == (
        "published",
        "forums",
        [venue.code],
    )


@pytest.mark.parametrize(
    ("languages", "title"), [(["sr", "en"], {"sr-Latn": "Forum"}), (None, {"en": "Forum"})]
)
def test_a_plain_string_is_in_the_first_language(api, organisation, languages, title):
    body = {k: v for k, v in BODY.items() if k != "languages"}
    answer = api.post(
        LIST, {**body, "title": "Forum", **({"languages": languages} if languages else {})}
    )
    assert (answer.status_code, answer.json()["title"]) == (201, title)


def test_a_plain_string_keeps_the_other_languages(api, conference, base):
    Conference.objects.update(title={"en": "Forum", "sr-Latn": "Forum na srpskom"})
    answer = api.patch(f"{base}/", {"title": "Open forum"}, '"v1"')
    assert answer.json()["title"] == {"en": "Open forum", "sr-Latn": "Forum na srpskom"}


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown"),
        ({"title": 5}, "/title", "invalid"),
        ({"title": {"en": 5}}, "/title", "invalid"),
        ({"title": ["Forum"]}, "/title", "invalid"),
        ({"title": {"sr-Latn": "Forum"}}, "/title", "required"),
        ({"title": {"xx": "Forum"}}, "/title", "language"),
        ({"title": "x" * 301}, "/title", "too-long"),
        ({"title": "For\u0007um"}, "/title", "control-character"),
        ({"start": "2027-03-28T10:00Z"}, "/start", "offset"),
        ({"start": "2027-03-28T10:00+01:00"}, "/start", "offset"),
        ({"start": "28 March"}, "/start", "invalid"),
        ({"start": "Teatime"}, "/start", "invalid"),
        ({"start": "0001-01-01T00:00"}, "/start", "range"),
        ({"start": 20270328}, "/start", "invalid"),
        ({"end": "2027-03-28T10:00"}, "/end", "order"),
        ({"doors": "2027-03-28T11:00"}, "/doors", "order"),
        ({"changes_until": "2027-03-29T11:00"}, "/changes_until", "order"),
        ({"time_zone": "Mars/Phobos"}, "/time_zone", "time-zone"),
        ({"time_zone": "../etc/passwd"}, "/time_zone", "time-zone"),
        ({"kind": "party"}, "/kind", "invalid_choice"),
        ({"slug": "Spring Forum"}, "/slug", "slug"),
        ({"slug": "settings"}, "/slug", "reserved"),
        ({"languages": []}, "/languages", "required"),
        ({"languages": ["tlh"]}, "/languages", "language"),
        ({"languages": ["???"]}, "/languages", "language"),
        ({"visibility": "secret"}, "/visibility", "invalid_choice"),
        ({"series": "no-such"}, "/series", "unknown"),
        ({"venues": ["NOSUCH"]}, "/venues/0", "unknown"),
        ({"venues": [7]}, "/venues/0", "invalid"),
        ({"contact_email": "nobody"}, "/contact_email", "email"),
    ],
)
def test_what_can_not_be_taken_is_named_and_nothing_is_written(
    api, audit_rows, wrong, pointer, code
):
    token_row = audit_rows()
    answer = api.post(LIST, {**BODY, **wrong})
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"].endswith("/validation-failed")
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(pointer, code)]
    assert Conference.objects.count() == 0
    assert audit_rows() == token_row


@pytest.mark.parametrize("missing", ["slug", "kind", "title", "start", "end", "time_zone"])
def test_what_is_needed_is_asked_for(api, missing):
    answer = api.post(LIST, {k: v for k, v in BODY.items() if k != missing})
    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [f"/{missing}"]


def test_a_slug_stands_once_in_an_organisation(api, conference):
    answer = api.post(LIST, {**BODY, "slug": "open-forum"})
    assert answer.status_code == 409
    assert answer.json()["errors"] == [
        {
            "pointer": "/slug",
            "code": "taken",
            "detail": "Another conference of this organisation has or had this address.",
        }
    ]


def test_a_repeated_post_with_its_key_makes_one_conference(api):
    first = api.post(LIST, BODY, Idempotency_Key="once")
    again = api.post(LIST, BODY, Idempotency_Key="once")
    other = api.post(LIST, {**BODY, "slug": "other"}, Idempotency_Key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again["ETag"], again["Location"]) == (
        first.json(),
        first["ETag"],
        first["Location"],
    )
    assert again["Idempotency-Replayed"] == "true"
    assert api.post(LIST, {"slug": 5}, Idempotency_Key="once").status_code == 422
    assert other.status_code == 422
    assert Conference.objects.count() == 1


def test_a_change_needs_the_version_it_was_made_on(api, conference, base):
    without = api.patch(f"{base}/", {"title": "New"})
    old = api.patch(f"{base}/", {"title": "New"}, '"v7"')
    right = api.patch(f"{base}/", {"title": "New"}, '"v1"')
    late = api.patch(f"{base}/", {"title": "Newer"}, '"v1"')

    assert [r.status_code for r in (without, old, right, late)] == [428, 412, 200, 412]
    assert right["ETag"] == '"v2"'
    assert Conference.objects.get().title == {"en": "New"}


def test_a_former_slug_still_leads_to_it(api, conference, base):
    assert api.patch(f"{base}/", {"slug": "newer"}, '"v1"').status_code == 200
    assert api.get(f"{base}/").json()["slug"] == "newer"
    assert api.patch(f"{base}/", {"title": "New"}, '"v2"').status_code == 200
    assert api.get(f"{base}/sessions/").status_code == 200


def test_reading_again_with_its_etag_answers_304(api, conference, base):
    answer = api.get(f"{base}/", If_None_Match='"v1"')
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", '"v1"')


def test_a_move_raises_the_plan_revision_and_is_told_once(api, conference, base):
    heard = []

    def hear(sender, event, **kwargs):
        heard.append((event.conference_id, event.reason, event.actor_kind))

    conference_moved.connect(hear)
    try:
        answer = api.patch(
            f"{base}/", {"start": "2027-03-19T09:00", "end": "2027-03-19T12:00"}, '"v1"'
        )
    finally:
        conference_moved.disconnect(hear)
    assert answer.status_code == 200
    assert answer.json()["starts_at"] == "2027-03-19T08:00:00Z"
    assert heard == [(conference.pk, "moved", "token")]
    assert Conference.objects.get().plan_revision == 2


def test_a_refused_change_of_state_takes_the_rest_of_the_body_back(api, conference, base):
    answer = api.patch(f"{base}/", {"title": "New", "state": "draft"}, '"v1"')
    assert answer.status_code == 409
    conference.refresh_from_db()
    assert (conference.title, conference.version) == ({"en": "Forum"}, 1)
    assert AuditEntry.objects.filter(verb="change_conference").count() == 0


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        ("draft", "publish", "published"),
        ("published", "postpone", "postponed"),
        ("published", "cancel", "cancelled"),
        ("postponed", "cancel", "cancelled"),
        ("postponed", "reopen", "published"),
        ("cancelled", "reopen", "published"),
        ("cancelled", "archive", "archived"),
    ],
)
def test_verbs_lead_from_state_to_state(api, conference, base, before, verb, after):
    Conference.objects.update(state=before)
    answer = api.post(f"{base}/{verb}/")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer["ETag"]) == (after, '"v2"')


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        ("published", "publish"),
        ("draft", "postpone"),
        ("cancelled", "cancel"),
        ("published", "reopen"),
        ("draft", "archive"),
        ("published", "archive"),
    ],
)
def test_there_are_no_other_ways(api, conference, base, before, verb):
    Conference.objects.update(state=before)
    answer = api.post(f"{base}/{verb}/")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/wrong-state")
    conference.refresh_from_db()
    assert (conference.state, conference.version) == (ConferenceState(before), 1)


def test_a_verb_honours_if_match_and_takes_no_facts(api, conference, base):
    assert api.post(f"{base}/cancel/", If_Match='"v3"').status_code == 412
    assert api.post(f"{base}/cancel/", {"why": "rain"}).status_code == 400
    assert api.post(f"{base}/cancel/", If_Match='"v1"').status_code == 200


def test_a_conference_is_never_deleted(api, conference, base):
    answer = api.delete(f"{base}/", '"v1"')
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, PATCH, HEAD, OPTIONS"
    assert Conference.objects.count() == 1


def test_strangers_and_weak_tokens_stay_out(api, conference, base, other_organisation):
    body = {"title": "Mine"}
    stranger = api.of(organisation=other_organisation)
    reader = api.of(Permission.CONFERENCE_READ)

    assert stranger.get(f"{base}/").status_code == 404
    assert stranger.get(LIST).status_code == 404
    assert api.anonymous.get(LIST).status_code == 401
    assert reader.get(f"{base}/").status_code == 200
    assert reader.patch(f"{base}/", body, '"v1"').status_code == 403
    assert api.get("/api/v1/organisations/institute/conferences/no-such/").status_code == 404


def test_the_list_filters_orders_and_pages_by_what_it_names(api, organisation):
    ConferenceFactory(organisation=organisation, slug="zima", state="draft")
    ConferenceFactory(organisation=organisation, slug="leto", title={"en": "Cvijić reads"})
    ConferenceFactory(slug="foreign")

    def slugs(query):
        return [row["slug"] for row in api.get(f"{LIST}?{query}").json()["results"]]

    assert slugs("") == ["zima", "leto"]
    assert slugs("ordering=slug") == ["leto", "zima"]
    assert slugs("state=draft") == ["zima"]
    assert slugs("search=Цвијић") == ["leto"]
    assert slugs("starts_after=2028-01-01T00:00:00Z") == []
    assert slugs("page_size=1") == ["zima"]
    for unknown in ("colour=red", "ordering=title", "state=lost", "cursor=nonsense"):
        assert api.get(f"{LIST}?{unknown}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    api, organisation, count, django_assert_num_queries
):
    for _ in range(count):
        ConferenceVenueFactory(
            conference=ConferenceFactory(
                organisation=organisation, series=SeriesFactory(organisation=organisation)
            )
        )
    api.get(LIST)  # the token notes its first use
    with django_assert_num_queries(5):
        answer = api.get(LIST)
    assert len(answer.json()["results"]) == count
