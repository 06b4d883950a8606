"""A colour's stylesheet: one rule, kept by every cache, told apart by its ETag."""

from __future__ import annotations

from core.colours import accent_of


def test_a_colour_is_a_stylesheet_of_one_rule(client):
    answer = client.get("/colours/ffdd00.css")
    accent = accent_of("#ffdd00")
    assert answer.content.decode() == accent.stylesheet
    assert f"--accent:light-dark({accent.light},{accent.dark})" in accent.stylesheet
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=604800"
    assert not answer.cookies


def test_who_has_it_already_is_not_sent_it_again(client):
    etag = client.get("/colours/ffdd00.css")["ETag"]
    again = client.get("/colours/ffdd00.css", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_what_is_no_colour_is_not_there(client, db):
    assert client.get("/colours/ffdd0.css").status_code == 404
    assert client.get("/colours/url(x).css").status_code == 404
