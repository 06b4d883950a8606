"""A small file in each format, all of one programme: two sessions, two rooms, three people."""

import io
import json
import zipfile

SCHEDULE_XML = """<?xml version="1.0" encoding="UTF-8"?>
<schedule><conference><acronym>forum</acronym><title>Forum</title><days>1</days></conference>
<day index="1" date="2027-03-28"><room name="Great hall">
<event guid="g1" id="1"><date>2027-03-28T10:00:00+02:00</date><start>10:00</start>
<duration>01:00</duration><title>Small states</title><track>Security</track><type>panel</type>
<persons><person id="p1">Ana Kovač</person>
<person id="p2" role="moderator">Jo Berg</person></persons>
</event></room><room name="Blue room">
<event guid="g2" id="2"><date>2027-03-28T12:00:00+02:00</date><start>12:00</start>
<duration>00:30</duration><title>On archives</title><track>History</track><type>lecture</type>
<persons><person id="p3">Li Wei</person></persons><links><link href="https://example.org/">Home</link>
</links></event></room></day></schedule>
""".encode()

_CLASSIC = {
    "schedule": {
        "version": "1",
        "conference": {
            "acronym": "forum", "title": "Forum", "daysCount": 1,
            "days": [
                {
                    "date": "2027-03-28",
                    "rooms": {
                        "Great hall": [
                            {
                                "guid": "g1", "date": "2027-03-28T10:00:00+02:00",
                                "duration": "01:00", "title": "Small states", "type": "panel",
                                "track": "Security",
                                "persons": [
                                    {"id": "p1", "public_name": "Ana Kovač"},
                                    {"id": "p2", "public_name": "Jo Berg", "role": "moderator"},
                                ],
                            }
                        ],
                        "Blue room": [
                            {
                                "guid": "g2", "date": "2027-03-28T12:00:00+02:00",
                                "duration": "00:30", "title": "On archives", "track": "History",
                                "persons": [{"id": "p3", "public_name": "Li Wei"}],
                                "links": [{"title": "Home", "url": "https://example.org/"}],
                            }
                        ],
                    },
                }
            ],
        },
    }
}  # fmt: skip
SCHEDULE_JSON = json.dumps(_CLASSIC).encode()

PRETALX = json.dumps(
    {
        "count": 2,
        "results": [
            {
                "code": "ABCDEF", "title": "Small states",
                "submission_type": {"en": "Panel", "fr": "x"},
                "track": {"en": "Security", "fr": "Sécurité"}, "state": "confirmed", "duration": 60,
                "slot": {"room_id": 4, "room": {"en": "Great hall", "fr": "Grande salle"},
                         "start": "2027-03-28T10:00:00+02:00", "end": None},
                "speakers": [{"code": "P1AAAA", "name": "Ana Kovač", "email": "ana@example.org"},
                             {"code": "P2AAAA", "name": "Jo Berg (moderator)"}],
                "resources": [{"resource": "https://example.org/", "description": "Home"}],
            },
            {
                "code": "GHIJKL", "title": "On archives", "submission_type": "Talk",
                "track": "History", "state": "accepted", "content_locale": "en",
                "slot": {"room": {"name": {"en": "Blue room"}, "id": 5},
                         "start": "2027-03-28T12:00:00+02:00", "end": "2027-03-28T12:30:00+02:00"},
                "speakers": [{"code": "P3AAAA", "name": "Li Wei", "biography": "Writes."}],
            },
            {"code": "NOTNOT", "title": "Not taken", "state": "rejected"},
        ],
    }
).encode()  # fmt: skip

SESSIONIZE = json.dumps(
    {
        "sessions": [
            {
                "id": "1", "title": "Small states", "startsAt": "2027-03-28T10:00:00",
                "endsAt": "2027-03-28T11:00:00", "speakers": ["p1", "p2"], "roomId": 4,
                "categoryItems": [11, 21],
            },
            {
                "id": "2", "title": "On archives", "startsAt": "2027-03-28T12:00:00",
                "endsAt": "2027-03-28T12:30:00", "speakers": ["p3"], "roomId": 5,
                "categoryItems": [12], "recordingUrl": "https://example.org/",
            },
        ],
        "speakers": [
            {"id": "p1", "firstName": "Ana", "lastName": "Kovač", "fullName": "Ana Kovač",
             "tagLine": "Researcher at Example Institute", "bio": "Writes."},
            {"id": "p2", "firstName": "Jo", "lastName": "Berg", "fullName": "Jo Berg"},
            {"id": "p3", "firstName": "Li", "lastName": "Wei", "fullName": "Li Wei"},
        ],
        "rooms": [{"id": 4, "name": "Great hall"}, {"id": 5, "name": "Blue room"}],
        "categories": [
            {
                "title": "Track",
                "items": [{"id": 11, "name": "Security"}, {"id": 12, "name": "History"}],
            },
            {"title": "Session format", "items": [{"id": 21, "name": "Panel discussion"}]},
        ],
    }
).encode()  # fmt: skip

ICALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Forum
BEGIN:VEVENT
UID:1@example.org
DTSTART;TZID=Europe/Belgrade:20270328T100000
DTEND;TZID=Europe/Belgrade:20270328T110000
SUMMARY:Small states
LOCATION:Great hall
CATEGORIES:Panel
DESCRIPTION:On states\\, small and
  large.\\n\\nBring questions.
ATTENDEE;CN="Ana Kovač":mailto:ana@example.org
ATTENDEE;CN=Jo Berg;ROLE=CHAIR:invalid:nomail
END:VEVENT
BEGIN:VEVENT
UID:2@example.org
DTSTART:20270328T100000Z
DURATION:PT30M
SUMMARY:On archives
LOCATION:Blue room
STATUS:CANCELLED
ATTENDEE;CN=Li Wei:mailto:li@example.org
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()

OPASS = json.dumps(
    {
        "sessions": [
            {
                "id": "A", "type": "t1", "room": "R1", "start": "2027-03-28T10:00:00+02:00",
                "end": "2027-03-28T11:00:00+02:00", "language": "English", "speakers": ["p1", "p2"],
                "zh": {"title": "小國", "description": "關於"},
                "en": {"title": "Small states", "description": "On them"},
                "slide": "https://example.org/", "uri": "https://example.org/2027/session/A",
            },
            {
                "id": "B", "type": "t2", "room": "R2", "start": "2027-03-28T12:00:00+02:00",
                "end": "2027-03-28T12:30:00+02:00", "language": "中文", "speakers": ["p3"],
                "zh": {"title": "檔案", "description": ""},
            },
        ],
        "speakers": [
            {"id": "p1", "zh": {"name": "安娜"}, "en": {"name": "Ana Kovač", "bio": "Writes."}},
            {"id": "p2", "zh": {"name": "喬"}, "en": {"name": "Jo Berg"}},
            {"id": "p3", "zh": {"name": "李偉"}},
        ],
        "session_types": [
            {"id": "t1", "zh": {"name": "座談"}, "en": {"name": "Panel"}},
            {"id": "t2", "zh": {"name": "檔案軌"}, "en": {"name": "Archives of all the world"}},
        ],
        "rooms": [
            {"id": "R1", "zh": {"name": "大廳"}, "en": {"name": "Great hall"}},
            {"id": "R2", "zh": {"name": "藍廳"}, "en": {"name": "Blue room"}},
        ],
        "tags": [],
    }
).encode()  # fmt: skip


def zipped(files):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def open_event(mark="-"):
    def field(name):
        return name.replace("-", mark)

    people = [
        {
            "id": 1,
            "name": "Ana Kovač",
            "organisation": "Example Institute",
            "position": "Researcher",
        },
        {"id": 2, "name": "Jo Berg (moderator)"},
        {"id": 3, "name": "Li Wei"},
    ]  # fmt: skip
    sessions = [
        {
            "id": 10, "title": "Small states", "subtitle": "A panel", "state": "accepted",
            field("short-abstract"): "<p>On <em>them</em></p>", "language": "English",
            field("session-type"): {"name": "Panel"}, "track": {"id": 7, "name": "Security"},
            field("starts-at"): "2027-03-28T10:00:00+02:00",
            field("ends-at"): "2027-03-28T11:00:00+02:00",
            "microlocation": {"id": 4, "name": "Great hall"},
            "speakers": [{"id": 1, "name": "Ana Kovač"}, {"id": 2, "name": "Jo Berg (moderator)"}],
        },
        {
            "id": 11, "title": "On archives", "state": "confirmed",
            "track": {"id": 8, "name": "History"},
            field("starts-at"): "2027-03-28T12:00:00+02:00",
            field("ends-at"): "2027-03-28T12:30:00+02:00",
            "microlocation": {"id": 5, "name": "Blue room"},
            "speakers": [{"id": 3, "name": "Li Wei"}],
            field("slides-url"): "https://example.org/",
        },
        {"id": 12, "title": "Not taken", "state": "rejected"},
    ]  # fmt: skip
    return {
        "event": {
            "name": "Forum", "timezone": "Europe/Belgrade",
            field("event-url"): "https://example.org",
        },
        "microlocations": [{"id": 4, "name": "Great hall"}, {"id": 5, "name": "Blue room"}],
        "tracks": [
            {"id": 7, "name": "Security", "color": "#0b5d5e"},
            {"id": 8, "name": "History", "color": "red"},
        ],
        "speakers": people,
        "sessions": sessions,
    }  # fmt: skip


def open_event_zip(mark="-", suffix=""):
    return zipped({name + suffix: json.dumps(part) for name, part in open_event(mark).items()})


OPEN_EVENT = open_event_zip()
ALL = {
    "schedule_xml": SCHEDULE_XML,
    "schedule_json": SCHEDULE_JSON,
    "pretalx": PRETALX,
    "sessionize": SESSIONIZE,
    "icalendar": ICALENDAR,
    "opass": OPASS,
    "open_event": OPEN_EVENT,
}
