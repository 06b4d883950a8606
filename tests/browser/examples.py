"""What has to be there so that each page has something to show, made over the API."""

from __future__ import annotations

import datetime as dt
import io
import json
import urllib.request
from typing import Any

from django.urls import reverse
from PIL import Image

from tests.browser.archives import ASKED, DOMAIN, FRIEND, GUEST, Archives

WEEK = dt.timedelta(days=7)
QUOTED = f"otto@{DOMAIN}"


def make_examples(stack: Any, archives: Archives) -> list[str]:
    """Make one of what pages are about; return the pages that need an example nothing leads to."""
    own = archives.stack
    host = own.api.split("/conferences/")[0]
    person = _post(
        own,
        f"{host}/people/",
        {"given_name": "Ines", "family_name": "Kranj", "email": f"ines@{DOMAIN}"},
    )
    _, _, sessions = own.call("GET", f"{own.api}sessions/")
    part = {"session": sessions["results"][0]["code"], "person": person["code"]}
    seat = _post(own, f"{own.api}participations/", {**part, "role": "presenter"})
    _post(own, f"{host}/people/tags/", {"people": [person["code"]], "add": ["archivist"]})
    double = _post(own, f"{host}/people/", {"given_name": "Ines", "family_name": "Kranj"})
    invited = {"person": person["code"], "registration_type": GUEST}
    invitation = _post(own, f"{own.api}invitations/", invited)
    _post(own, f"{own.api}invitations/{invitation['code']}/send/", {})
    window = {"start": f"{archives.day}T09:00", "end": f"{archives.day}T18:00"}
    _post(own, f"{own.api}availabilities/", {"person": person["code"], "windows": [window]})
    _post(own, f"{own.api}tracks/", {"slug": "letters", "name": {"en": "Letters"}})
    news = {"en": "News of the archives"}
    draft = _post(own, f"{own.api}announcements/", {"subject": news, "body": news})
    asking = {"ask_at": f"{archives.day - WEEK}T09:00", "until_at": f"{archives.day}T09:00"}
    asking = _post(own, f"{own.api}reconfirmations/", {**asking, "registration_types": [FRIEND]})
    out = {"email": f"nobody@{DOMAIN}", "note": "By phone"}
    _post(own, f"{host}/suppressions/", out)
    for level in (f"{host}/", own.api):
        url = f"{level}mail-templates/reminder/en/"
        _, headers, text = own.call("GET", url)
        own.call("PATCH", url, {"subject": text["subject"]}, If_Match=headers["ETag"])
    _post(own, f"{own.api}programme-imports/", {"text": "10:00 Opening\n11:00 Panel: Letters\n"})
    live = {"kind": "stream", "title": {"en": "Live"}, "url": f"https://live.{DOMAIN}/hall"}
    _post(own, f"{own.api}materials/", live)
    # Two versions, so that there is one to go back to.
    _post(own, f"{own.api}schedule-versions/", {"name": "With letters"})
    pack = _post(own, f"{own.api}donor-packs/", {})
    series = {"slug": "open-archives", "title": {"en": "Open archives"}}
    _post(own, f"{host}/series/", series)
    _, headers, _ = own.call("GET", own.api)
    own.call("PATCH", own.api, {"series": series["slug"]}, If_Match=headers["ETag"])
    _, _, rooms = stack.call("GET", f"{stack.api}rooms/")
    _post(own, f"{own.api}outcome/draft/", {})
    said = {"en": "A letter is a conversation with time."}
    quote = _post(own, f"{own.api}outcome/quotes/", {"person": person["code"], "text": said})
    speaker = {"given_name": "Otto", "family_name": "Lang", "email": QUOTED}
    other = _post(own, f"{host}/people/", speaker)
    asked = _post(own, f"{own.api}outcome/quotes/", {"person": other["code"], "text": said})
    _post(own, f"{own.api}outcome/quotes/{asked['code']}/ask/", {})
    photo = _upload(own, f"{own.api}outcome/photos/")
    room = {"organisation": own.demo["organisation"], "code": rooms["results"][0]["code"]}
    words = {"organisation": room["organisation"], "template": "reminder", "language": "en"}
    return [
        own.url + reverse("manage-room", kwargs=room),
        _page(own, "manage-registration-answers", code=archives.links[ASKED].split("/")[4]),
        _page(own, "manage-form-question-delete", code="country"),
        _page(own, "manage-round-delete", code=asking["code"]),
        _page(own, "manage-announcement-check", code=draft["code"]),
        _page(own, "manage-participation-remove", code=part["session"], part=seat["code"]),
        *(
            _page(own, f"manage-speaker-{verb}", code=part["session"], part=seat["code"])
            for verb in ("answer", "release", "replace")
        ),
        f"{_page(own, 'manage-speakers-ask', code=part['session'])}?part={seat['code']}",
        _page(own, "manage-mail-text-reset", template="reminder", language="en"),
        own.url + reverse("manage-host-mail-text-reset", kwargs=words),
        _page(own, "manage-invitation-answer", code=invitation["code"]),
        _page(own, "manage-session-people", code=part["session"]),
        own.url
        + reverse(
            "manage-person-merge",
            kwargs={
                "organisation": room["organisation"],
                "code": person["code"],
                "other": double["code"],
            },
        ),
        _page(own, "manage-version-restore", number=1),
        _page(own, "manage-donor-pack-delete", code=pack["code"]),
        _page(own, "manage-outcome-preview"),
        _page(own, "manage-outcome-item-new"),
        _page(own, "manage-quote-record", code=quote["code"]),
        _page(own, "manage-photo", code=photo["code"]),
    ]


def _post(own: Any, url: str, body: dict[str, Any]) -> Any:
    return own.call("POST", url, body)[2]


def _upload(own: Any, url: str) -> Any:
    """Send a picture as a form does."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "#336699").save(picture, "JPEG")
    edge = "one-picture"
    head = 'Content-Disposition: form-data; name="photo"; filename="hall.jpg"'
    body = b"\r\n".join(
        [
            f"--{edge}\r\n{head}\r\nContent-Type: image/jpeg\r\n".encode(),
            picture.getvalue(),
            f"--{edge}--\r\n".encode(),
        ]
    )
    request = urllib.request.Request(  # noqa: S310 - our own server on loopback
        url,
        data=body,
        headers={
            "Authorization": f"Bearer {own.demo['token']}",
            "Content-Type": f"multipart/form-data; boundary={edge}",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - see above
        return json.loads(answer.read())


def _page(own: Any, name: str, **keys: str | int) -> str:
    """Return a console page of the conference."""
    here = {name: own.demo[name] for name in ("organisation", "conference")}
    return own.url + reverse(name, kwargs={**here, **keys})
