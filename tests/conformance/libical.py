"""What libical thinks of a calendar object: RFC 5545 as it reads it, RFC 5546 as a table."""

from __future__ import annotations

import ctypes
import re

_REASON = re.compile(r"^X-LIC-ERROR;[^:]*:(.*)$", re.MULTILINE)


def complaints(text: bytes) -> list[str]:
    """Return what libical objects to in a calendar object; [] for one that it accepts."""
    library = _library()
    component = library.icalparser_parse_string(text)
    if not component:
        return ["This is no calendar object."]
    try:
        is_accepted = library.icalrestriction_check(component)
        said = library.icalcomponent_as_ical_string(component).decode().replace("\r\n ", "")
        found = [reason.strip() for reason in _REASON.findall(said)]
        return found or ([] if is_accepted else ["It breaks a restriction without a reason."])
    finally:
        library.icalcomponent_free(component)


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libical.so.3")
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalparser_parse_string.restype = ctypes.c_void_p
    for name in ("icalrestriction_check", "icalcomponent_as_ical_string", "icalcomponent_free"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    return library
