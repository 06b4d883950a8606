from __future__ import annotations

import datetime as dt

import pytest

from events.services.track_record import Contact, Part, sentence, times, track_record

NOW = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)


def day(month, number, year=2026):
    return dt.datetime(year, month, number, 9, tzinfo=dt.UTC)


def part(state, title="Media", ends_at=None, **more):
    ends_at = ends_at or day(5, 20)
    return Part(state=state, title=title, conference="Forum", ends_at=ends_at, **more)


DECLINED = part("declined", asked_at=day(5, 2), answered_at=day(5, 4), decline_reason="travel")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "Never asked"),
        ([part("planned")], "Never asked"),
        ([part("confirmed")], "Asked once, said yes once; spoke on “Media”"),
        (
            [part("confirmed"), DECLINED, part("invited", asked_at=day(5, 12))],
            (
                "Asked 3 times, said yes once, has not answered once, "
                "declined in May 2026 (travel); spoke on “Media”; last contact 12 May 2026 (asked)"
            ),
        ),
        (
            [DECLINED, part("declined")],
            (
                "Asked twice, said yes never, declined twice, the last time in May 2026 (travel); "
                "last contact 4 May 2026 (answered)"
            ),
        ),
        ([part("confirmed", took_place=False)], "Asked once, said yes once"),
        ([part("confirmed", ends_at=day(5, 20, 2027))], "Asked once, said yes once"),
        (
            [part("confirmed", title=t, ends_at=day(5, n)) for n, t in enumerate("ABCA", 1)],
            "Asked 4 times, said yes 4 times; spoke on “A” and “C” and 1 more",
        ),
        # Replaced after having been asked: asked, no yes that stands.
        ([part("replaced", asked_at=day(5, 1))],
         "Asked once, said yes never; last contact 1 May 2026 (asked)"),
    ],
)  # fmt: skip
def test_a_record_in_words(parts, words):
    assert sentence(track_record(parts, NOW)) == words


def test_a_later_contact_of_another_app_counts():
    record = track_record([DECLINED], NOW)
    assert sentence(record, Contact(day(6, 1), "mail")).endswith("last contact 1 June 2026 (mail)")
    assert sentence(record, Contact(day(1, 1), "mail")).endswith("4 May 2026 (answered)")
    assert sentence(track_record([], NOW), Contact(day(6, 1), "mail")) == (
        "Never asked; last contact 1 June 2026 (mail)"
    )


def test_counts():
    record = track_record([part("confirmed"), DECLINED, part("tentative"), part("planned")], NOW)
    assert (record.asked, record.said_yes, record.declined, record.waiting) == (3, 1, 1, 1)
    assert record.last_decline == DECLINED
    assert [times(n) for n in (0, 1, 2, 3)] == ["never", "once", "twice", "3 times"]
