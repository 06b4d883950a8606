from __future__ import annotations

import importlib
from collections import Counter

from benchmarks.clients import Sample, in_turns
from benchmarks.harness import Row, table
from benchmarks.run import CLAIMS


def test_a_ratio_is_our_figure_over_the_references():
    row = Row("pages, sqlite", "conference page", 900.0, "bare view", 3600.0, "/s")

    assert row.ratio == 0.25
    assert table([row]).splitlines() == [
        "| claim | ours | figure | reference | figure | ratio |",
        "|---|---|--:|---|--:|--:|",
        "| pages, sqlite | conference page | 900.0 /s | bare view | 3,600.0 /s | 0.25 |",
    ]


def test_a_sample_knows_its_rate_and_its_slowest():
    sample = Sample(2.0, [0.1] * 98 + [0.5, 9.0], Counter({201: 100}))

    assert sample.rate == 50.0
    assert [sample.percentile(share) for share in (0.5, 0.98, 0.99, 1.0)] == [0.1, 0.5, 9.0, 9.0]


def test_every_claim_has_rows():
    for claim in CLAIMS:
        assert callable(importlib.import_module(f"benchmarks.{claim}").rows)


def test_measures_are_taken_in_turns_and_the_first_round_is_forgotten():
    calls = []
    figures = {"ours": iter([99.0, 1.0, 3.0, 2.0]), "bare": iter([99.0, 10.0, 30.0, 20.0])}

    def measure(name):
        calls.append(name)
        return next(figures[name])

    medians = in_turns({name: lambda name=name: measure(name) for name in figures}, rounds=3)

    assert medians == {"ours": 2.0, "bare": 20.0}
    assert calls == ["ours", "bare"] * 4
