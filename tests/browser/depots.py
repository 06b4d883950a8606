"""A conference in the middle of things: moved, with an announcement held back and mail that failed.

Nobody looks at it but the walk over pages, so it may change as none of the others may.
"""

from __future__ import annotations

import datetime as dt
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from tests.browser.archives import texts

SLUG = "open-depots"
DOMAIN = "depots.example"
# Who is asked for the new date, and who has given the place back.
GUEST, GONE = "Zora Lukić", "Jovan Perić"
# An address of a kind that is kept of people, and that no mail can carry.
UNREACHABLE = "otto@[192.0.2.7]"
GUEST_LIST = (
    "Given name;Family name;E-mail;Language\n"
    f"Nada;Šuput;nada@{DOMAIN};sr\nNada;Šuput;nada@{DOMAIN};sr\nIvo;Kranj;ivo@@;en\n"
)


@dataclass
class Depots:
    """The conference, on which day it is now, and what of it the walk looks at."""

    stack: Any
    day: dt.date
    links: dict[str, str]
    announcement: str = ""

    def page(self, name: str, **keys: str) -> str:
        """Return the address of a console page of it."""
        here = {one: self.stack.demo[one] for one in ("organisation", "conference")}
        return str(self.stack.url + reverse(name, kwargs={**here, **keys}))

    def move(self) -> None:
        """Let it take place a day later."""
        self.day += dt.timedelta(days=1)
        times = {"start": f"{self.day}T10:00", "end": f"{self.day}T17:00"}
        self.change(self.stack.api, times)

    def change(self, url: str, values: dict[str, Any]) -> None:
        _, headers, _ = self.stack.call("GET", url)
        self.stack.call("PATCH", url, values, If_Match=headers["ETag"])

    def message(self, state: str) -> str:
        """Return the id of a message in a state, once there is one."""
        url = f"{self.stack.api}messages/?state={state}"
        found: list[Any] = wait_for(lambda: self.stack.call("GET", url)[2]["results"])
        return str(found[0]["id"])

    def deed(self) -> str:
        """Send everybody their link again; return the deed when it is done."""
        body = {"verb": "resend-link", "filter": {}, "expected": len(self.links)}
        _, _, made = self.stack.call("POST", f"{self.stack.api}registrations/bulk/", body)
        url = f"{self.stack.api}registrations/bulk/{made['code']}/"
        wait_for(lambda: self.stack.call("GET", url)[2]["state"] == "done")
        return str(made["code"])

    def wait_until_held(self) -> None:
        url = f"{self.stack.api}announcements/{self.announcement}/"
        wait_for(lambda: self.stack.call("GET", url)[2]["state"] == "held")


def wait_for(question: Any, *, within: float = 120.0) -> Any:
    """Return the first answer that is one; beat comes every 15 seconds or every minute."""
    deadline = time.monotonic() + within
    while not (found := question()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.5)
    return found


def build(stack: Any) -> Depots:
    """Make it, let people register, announce its day, and move it."""
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=50)
    own = replace(stack, demo={**stack.demo, "conference": SLUG})
    conference = {
        "slug": SLUG,
        "kind": "conference",
        "title": texts("Open depots", "Otvoreni depoi", "Отворени депои", "Открытые хранилища"),
        "start": f"{day}T10:00",
        "end": f"{day}T17:00",
        "time_zone": "Europe/Belgrade",
        "languages": ["en", "sr-Latn", "sr-Cyrl", "ru"],
        "visibility": "unlisted",
        "contact_email": "office@example.org",
    }
    stack.call("POST", stack.api.removesuffix(f"{stack.demo['conference']}/"), conference)
    kind = {"slug": "guest", "name": {"en": "Guest"}, "kind": "guest", "capacity": 20}
    own.call("POST", f"{own.api}registration-types/", kind)
    depots = Depots(own, day, {})
    depots.change(own.api, {"state": "published"})
    for name in (GUEST, GONE, "Ljubica Mitić"):
        _register(depots, name)
    _invite(depots)
    gone = f"{own.api}registrations/{depots.links[GONE].split('/')[4]}/"
    _, headers, _ = own.call("GET", gone)
    own.call("POST", f"{gone}cancel/", {}, If_Match=headers["ETag"])
    depots.announcement = _announce(depots)
    depots.move()
    return depots


def _register(depots: Depots, name: str) -> None:
    given, family = name.split(" ", 1)
    body = {
        "registration_type": "guest",
        "given_name": given,
        "family_name": family,
        "email": f"guest{len(depots.links)}@{DOMAIN}",
    }
    own = depots.stack
    url = f"{own.url}/api/v1/public/{own.demo['organisation']}/{SLUG}/registrations/"
    depots.links[name] = own.call("POST", url, body)[2]["manage_url"]


def _invite(depots: Depots) -> None:
    """Invite somebody whom no mail reaches."""
    own = depots.stack
    host = own.api.split("/conferences/")[0]
    person = {"given_name": "Otto", "family_name": "Kovač", "email": UNREACHABLE}
    _, _, person = own.call("POST", f"{host}/people/", person)
    invited = {"person": person["code"], "registration_type": "guest"}
    _, _, made = own.call("POST", f"{own.api}invitations/", invited)
    own.call("POST", f"{own.api}invitations/{made['code']}/send/", {})


def _announce(depots: Depots) -> str:
    """Send an announcement that names the day; when it leaves that is another one."""
    own = depots.stack
    draft = {
        "subject": {"en": "The depots open"},
        "body": {"en": f"{{greeting}}\n\nThe doors open on {depots.day}."},
        "audience": {"registrations": ["confirmed"]},
    }
    _, _, made = own.call("POST", f"{own.api}announcements/", draft)
    url = f"{own.api}announcements/{made['code']}/"
    _, _, found = own.call("POST", f"{url}check/", {})
    agreed = {"recipients": found["recipients"], "read_warnings": True, "in_quiet_hours": True}
    own.call("POST", f"{url}send/", agreed)
    return str(made["code"])


def is_open(link: str) -> bool:
    """Tell whether an address answers with a page of its own."""
    try:
        with urllib.request.urlopen(link, timeout=30) as answer:  # noqa: S310 - on loopback
            return bool(answer.url == link)
    except urllib.error.HTTPError:
        return False
