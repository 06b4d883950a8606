"""Claim: registering is quick, and 64 clients at once never get one place more than there is.

Places are filled as in production: the whole stack with its mail workers, over HTTP. The reference
of the rate is one row inserted by a bare Django REST framework view under the same web server, in
the same run.
"""

from __future__ import annotations

import re
import secrets
import statistics
import sys
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from benchmarks.clients import Answer, Client, Sample, in_turns, run_clients
from benchmarks.harness import Row, Running, bare, stack

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS: Final = 64
ROUNDS: Final = 3
EACH: Final = 5
CAPACITIES: Final = (100, 500)
CREATED: Final = (201, 302)
REFUSED: Final = 409
_NUMBERS = count()


def guest() -> dict[str, str]:
    """Return somebody who has never registered."""
    number = next(_NUMBERS)
    return {
        "given_name": "Ana",
        "family_name": f"Petrović {number}",
        "email": f"guest{number}@example.org",
        "affiliation": "Institute",
    }


@dataclass
class Desk:
    """A conference of the demo, and the ways in which guests come to it."""

    lectern: Running

    @property
    def at(self) -> str:
        return f"{self.lectern.demo['organisation']}/{self.lectern.demo['conference']}"

    @property
    def types(self) -> str:
        demo = self.lectern.demo
        organisation, conference = demo["organisation"], demo["conference"]
        return f"/api/v1/organisations/{organisation}/conferences/{conference}/registration-types/"

    def organiser(self) -> Client:
        return Client(self.lectern.url, {"Authorization": f"Bearer {self.lectern.demo['token']}"})

    def open(self, capacity: int | None) -> str:
        """Make a kind of place without a waiting list and return its slug."""
        slug = f"bench-{secrets.token_hex(4)}"
        body = {"slug": slug, "name": slug, "capacity": capacity, "waiting_list": False}
        answer = self.organiser().post(self.types, body)
        if answer.status != CREATED[0]:
            raise RuntimeError(answer.body.decode())
        return slug

    def taken(self, slug: str) -> int:
        figures = self.organiser().get(f"{self.types}{slug}/availability/").json()
        return int(figures["taken"])

    def by_api(self, slug: str) -> Callable[[Client, int], Answer]:
        path = f"/api/v1/public/{self.at}/registrations/"

        def register(client: Client, _number: int) -> Answer:
            return client.post(path, {"registration_type": slug, **guest()})

        return register

    def by_form(self, slug: str) -> Callable[[Client, int], Answer]:
        path = f"/{self.at}/register/"
        # Opened before the clock runs, once for each of those who come at a time.
        opened = [self._opened(path) for _ in range(CLIENTS)]

        def register(client: Client, number: int) -> Answer:
            cookie, token = opened[number % CLIENTS]
            form = {
                "csrfmiddlewaretoken": token,
                "request_key": secrets.token_urlsafe(24),
                "registration_type": slug,
                "language": "en",
                "position": "",
                "website": "",
                "checked_email": "",
                **guest(),
            }
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
            return client.request("POST", path, urlencode(form).encode(), headers)

        return register

    def _opened(self, path: str) -> tuple[str, str]:
        """Open the form as a browser does and return its cookie and its token."""
        page = Client(self.lectern.url).get(path)
        cookie = (page.headers["Set-Cookie"] or "").split(";")[0]
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        if found is None:
            raise RuntimeError("the form has no token")
        return cookie, found[1].decode()


def fill(desk: Desk, way: str, capacity: int) -> Row:
    """Let 64 clients ask for more places than there are."""
    slug = desk.open(capacity)
    tries = max(2, capacity * 3 // 2 // CLIENTS + 1)
    register = getattr(desk, way)(slug)
    sample = run_clients(desk.lectern.url, CLIENTS, tries, register)
    got = sum(sample.statuses[status] for status in CREATED)
    faults = sum(number for status, number in sample.statuses.items() if status >= 500)  # noqa: PLR2004
    oversold = max(0, got - capacity, desk.taken(slug) - capacity)
    print(
        f"  {way}, {CLIENTS} clients, {CLIENTS * tries} tries for {capacity} places: "
        f"{got} got one, {sample.statuses[REFUSED]} were refused, oversold {oversold}, "
        f"5xx {faults}, {sample.rate:.0f} answers/s, {latencies(sample)}",
        file=sys.stderr,
    )
    if oversold or faults or got != capacity or desk.taken(slug) != capacity:
        raise RuntimeError(f"{way} at {capacity} places: {dict(sample.statuses)}")
    return Row("places", f"{way} fills {capacity}, oversold 0, 5xx 0", got, "places", capacity, "")


def latencies(sample: Sample) -> str:
    shares = (0.5, 0.95, 0.99)
    return ", ".join(f"p{100 * s:.0f} {1000 * sample.percentile(s):.0f} ms" for s in shares)


@dataclass
class Way:
    """A way to register: how many a second, and the web server's processor time for each."""

    running: Running
    name: str
    call: Callable[[Client, int], Answer]
    costs: list[float] = field(default_factory=list)

    def rate(self) -> float:
        """Let 64 clients register and return how many a second there were."""
        used = self.running.processor_seconds("gunicorn")
        sample = run_clients(self.running.url, CLIENTS, EACH, self.call)
        used = self.running.processor_seconds("gunicorn") - used
        made = sum(sample.statuses[status] for status in CREATED)
        if made != len(sample.latencies):
            raise RuntimeError(f"{self.name}: {dict(sample.statuses)}")
        self.costs.append(1000 * used / made)
        print(
            f"  {self.name}: {sample.rate:.0f}/s, {latencies(sample)}, "
            f"processor {self.costs[-1]:.1f} ms each",
            file=sys.stderr,
        )
        return sample.rate

    @property
    def cost(self) -> float:
        """Return the processor time of one registration in milliseconds, after a warm-up."""
        return statistics.median(self.costs[1:])


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference, stack(engine) as lectern:
        desk = Desk(lectern)
        found = [
            fill(desk, way, capacity) for capacity in CAPACITIES for way in ("by_api", "by_form")
        ]
        # The reference sends no mail: what registering itself costs is measured while none leaves.
        lectern.manage("pause_sending", "benchmark")
        slug = desk.open(None)
        insert = Way(reference, "bare insert", lambda client, _n: client.post("/insert/", guest()))
        ways = [
            Way(lectern, "public API", desk.by_api(slug)),
            Way(lectern, "public form", desk.by_form(slug)),
        ]
        rates = in_turns({way.name: way.rate for way in (insert, *ways)}, ROUNDS)
    for way in ways:
        rate, cost = (rates[way.name], rates[insert.name]), (insert.cost, way.cost)
        found += [
            Row("registering, 64 clients", way.name, rate[0], insert.name, rate[1], "/s"),
            Row("registering, processor", insert.name, cost[0], way.name, cost[1], "ms"),
        ]
    return found
