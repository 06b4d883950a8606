"""Imports over the API: keep, look ahead, start, cancel, undo."""

from __future__ import annotations

import pytest
from django.test.client import encode_multipart

from accounts.permissions import Permission
from events.models import Person, ProgrammeImport, Session

AGENDA = "10:00 – 10:15 Opening remarks\nProf. Dr. Mila Đorđević, Director, Institute of Rivers\n"
TABLE = "Start;End;Title;Speakers\n10:00;10:15;Opening;Mila Đorđević\n"


@pytest.fixture
def url(base):
    return f"{base}/programme-imports/"


def kept(api, url, **body):
    answer = api.post(url, body or {"text": AGENDA})
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith(f"{url}{answer.json()['code']}/")
    return f"{url}{answer.json()['code']}/"


def test_a_programme_is_kept_looked_at_and_brought_in(api, url, conference):
    one = kept(api, url)
    assert not Session.objects.exists()
    preview = api.get(f"{one}preview/").json()
    assert preview["counts"]["sessions"] == {"added": 1, "vanished": 0}
    assert [line["title"] for line in preview["lines"] if line["about"] == "session"] == [
        "Opening remarks"
    ]
    assert not Session.objects.exists()
    done = api.post(f"{one}start/").json()
    assert (done["state"], done["done"]) == ("done", 1)
    assert done["report"]["counts"]["sessions"] == {"added": 1}
    assert conference.sessions.get().kind == "opening_remarks"
    assert api.post(f"{one}start/").status_code == 409
    assert api.get(one).json() == done
    assert [row["code"] for row in api.get(url).json()["results"]] == [done["code"]]
    again = kept(api, url)
    assert api.post(f"{again}start/").json()["report"]["counts"]["sessions"] == {"unchanged": 1}
    assert api.post(f"{one}undo/").status_code == 200
    assert not conference.sessions.exists()


def test_settings_and_decisions_count(api, url, conference):
    one = kept(api, url)
    ref = api.get(f"{one}preview/").json()
    assert ref["counts"]["people"] == {"added": 1}
    decisions = {"sessions": {"ope-rem": {"title": "Welcome", "kind": "keynote"}}}
    answer = api.post(f"{one}start/", {"settings": {"people": "agreed", "decisions": decisions}})
    assert answer.status_code == 200, answer.content
    row = conference.sessions.get()
    assert (row.title, row.kind) == ({"en": "Welcome"}, "keynote")
    assert row.participations.get().state == "confirmed"


def test_a_file_is_taken_as_multipart_once(api, url, conference):
    def send(content, key):
        from django.core.files.uploadedfile import SimpleUploadedFile

        body = encode_multipart("border", {"file": SimpleUploadedFile("days.csv", content)})
        return api.request(
            "POST", url, raw=body, content_type="multipart/form-data; boundary=border",
            Idempotency_Key=key,
        )  # fmt: skip

    first = send(TABLE.encode("cp1250"), "one")
    assert (first.status_code, first.json()["format"]) == (201, "table")
    assert send(TABLE.encode("cp1250"), "one")["Idempotency-Replayed"] == "true"
    assert send(b"Start;Title\n10:00;Another\n", "one").status_code == 422
    assert ProgrammeImport.objects.count() == 1
    started = api.post(f"{url}{first.json()['code']}/start/").json()
    assert started["state"] == "done"
    assert Person.objects.get().family_name == "Đorđević"


def test_one_that_waits_is_cancelled(api, url, conference):
    one = kept(api, url)
    assert api.post(f"{one}cancel/").json()["state"] == "stopped"
    assert api.post(f"{one}cancel/").status_code == 409
    assert api.post(f"{one}start/").status_code == 409
    assert api.get(f"{one}preview/").status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": ""}, 400),
        ({"text": "  "}, 400),
        ({"text": "x" * 500_001}, 413),
        ({"text": AGENDA, "format": "song"}, 400),
        ({"text": AGENDA, "colour": "red"}, 400),
        ({"text": AGENDA, "settings": {"people": "all"}}, 400),
        ({"text": AGENDA, "settings": {"decisions": []}}, 400),
        ({"file": "no file"}, 400),
        ({"text": '{"schedule": [' * 1000}, 413),
    ],
)
def test_what_can_not_be_kept_is_refused(api, url, conference, body, status):
    assert api.post(url, body).status_code == status
    assert not ProgrammeImport.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>',
        '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><schedule>&x;</schedule>',
        "<schedule><day>" * 1000,
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" * 10,
        "\x01\x02\x03" * 50,
    ],
)
def test_bombs_and_broken_files_are_refused_with_nothing_left(api, url, conference, text):
    answer = api.post(url, {"text": text})
    assert answer.status_code in {201, 400}
    if answer.status_code == 201:
        one = f"{url}{answer.json()['code']}/"
        for step in (api.get(f"{one}preview/"), api.post(f"{one}start/")):
            assert step.status_code in {200, 400, 413}
            assert "root:" not in step.content.decode()
    assert not Person.objects.exists()


def test_a_token_needs_the_programme_and_people(api, url, conference):
    for scopes in ([Permission.PROGRAMME_WRITE], [Permission.PEOPLE_WRITE]):
        assert api.of(*scopes).post(url, {"text": AGENDA}).status_code == 403
    both = api.of(Permission.PROGRAMME_WRITE, Permission.PEOPLE_WRITE)
    assert both.post(url, {"text": AGENDA}).status_code == 201
    assert api.of(Permission.PROGRAMME_READ).get(url).status_code == 403
