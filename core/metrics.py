"""Figures for Prometheus: requests counted in all web processes, the rest read when asked for.

Figures about rows are taken from the database at each scrape, so it does not matter which process
answers. Requests are counted in files that the web processes share (prometheus-client's own
multi-process mode); config/wsgi.py calls `share_between_processes` before they fork.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from core.health import run_checks

logger = logging.getLogger(__name__)
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric as it stands now.

    Arguments:
        name: after ``lectern_``, such as ``messages``.
        help: what it counts, for people.
        samples: values by their labels; ``{(): 3}`` without labels.
        labels: the labels' names, in the order of the samples' keys.
        counter: whether it only ever grows.
    """

    name: str
    help: str
    samples: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = field(default=())
    counter: bool = False


Source = Callable[[], Iterable[Figure]]
_sources: dict[str, Source] = {}


def register_figures(name: str, source: Source) -> None:
    """Ask `source` for figures at each scrape; the same name again replaces the former one."""
    _sources[name] = source


def share_between_processes() -> None:
    """Let all web processes forked from here count into one folder of this process.

    What earlier processes left behind, however they ended, is swept first.
    """
    if _FOLDER in os.environ:
        return
    home = Path(settings.LECTERN_HOME) / "metrics"
    own = home / str(os.getpid())
    try:
        own.mkdir(parents=True, exist_ok=True)
        for folder in home.iterdir():
            if folder == own or not _is_alive(folder.name):
                shutil.rmtree(folder, ignore_errors=True)
        own.mkdir(exist_ok=True)
    except OSError:
        logger.exception("Requests are counted in each process by itself")
        return
    os.environ[_FOLDER] = str(own)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


@cache
def _requests() -> Any:
    from prometheus_client import CollectorRegistry, Histogram

    return Histogram(
        "lectern_request_seconds",
        "Requests by the name of their route, and how long they took",
        ["route", "method", "status"],
        buckets=_BUCKETS,
        registry=CollectorRegistry(),
    )


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
    _requests().labels(route, known, f"{status // 100}xx").observe(seconds)


class _Collector:
    """What prometheus-client asks for the figures that are read at the scrape."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for figure in _figures():
            family = CounterMetricFamily if figure.counter else GaugeMetricFamily
            metric = family(f"lectern_{figure.name}", figure.help, labels=list(figure.labels))
            for labels, value in sorted(figure.samples.items()):
                metric.add_metric(list(labels), value)
            yield metric


def _figures() -> Iterator[Figure]:
    health = run_checks()
    yield Figure(
        "check_ok",
        "Whether a part that Lectern needs is in order",
        {(name,): float(found.ok) for name, found in health.items()},
        labels=("check",),
    )
    yield Figure(
        "check_value",
        "The figure that a check watches, where there is one",
        {(name,): found.value for name, found in health.items() if found.value is not None},
        labels=("check",),
    )
    failed: dict[tuple[str, ...], float] = {}
    for name, source in _sources.items():
        failed[name,] = 0
        try:
            yield from list(source())
        except Exception:
            logger.exception("The figures of %s could not be read", name)
            failed[name,] = 1
    yield Figure("figures_failed", "Whether figures could not be read", failed, labels=("source",))


def exposition() -> tuple[bytes, str]:
    """Return all figures in Prometheus' text format, and its content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    registry.register(_Collector())
    folder = os.environ.get(_FOLDER)
    if folder and Path(folder).is_dir():
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]  # no types
    else:
        registry.register(_requests())
    return generate_latest(registry), CONTENT_TYPE_LATEST
