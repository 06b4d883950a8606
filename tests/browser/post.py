"""The guests' letters: what has come since last time, and what stands in it."""

import email
import email.policy
import re
import time
from collections import Counter

from tests.browser.guests import DOMAIN


class Post:
    """Reads the folder of mails as the guests do: each letter once."""

    def __init__(self, stack, readers=f"@{DOMAIN}"):
        self.folder = stack.home / "mail"
        self.readers = readers
        self.read = set()

    def bring(self, number, *, within=60.0, calm=1.0):
        """Return the letters that came since the last call, once there are so many, and a moment
        later still: so a letter too many is among them, or among those of the next call.
        """
        deadline = time.monotonic() + within
        while len(self._new()) < number and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(calm)
        new = self._new()
        self.read |= new.keys()
        return Letters(new.values())

    def _new(self):
        found = {}
        for path in sorted(self.folder.glob("*.eml")):
            if path.name not in self.read:
                letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if self.readers in str(letter["To"]):
                    found[path.name] = letter
        return found


class Letters:
    """Some letters, by who gets them."""

    def __init__(self, letters):
        self.all = list(letters)

    @property
    def readers(self):
        """Return how many letters are addressed to each name; a companion has one of their own."""
        return Counter(_name(letter) for letter in self.all)

    def to(self, name):
        """Return the one letter to somebody."""
        (letter,) = [one for one in self.all if _name(one) == name]
        return letter

    def links(self):
        """Return every address that stands in a letter, in its text, its HTML or its headers."""
        found = set()
        for letter in self.all:
            found |= set(re.findall(r"https?://[^\s\"'<>)\]]+", letter["List-Unsubscribe"] or ""))
            for kind in ("plain", "html"):
                text = letter.get_body((kind,)).get_content()
                found |= set(re.findall(r"https?://[^\s\"'<>)\]]+", text))
        return {link.rstrip(".,") for link in found}


def _name(letter):
    return letter["To"].addresses[0].display_name


def plain(letter):
    """Return the text of a letter."""
    return letter.get_body(("plain",)).get_content()


def link_of(letter, part):
    """Return the personal link of a letter: `i` answers, `r` is the place's page, `u` stops."""
    return re.search(rf"https?://[^\s/]+/{part}/[\w-]+/(?:[\w-]+/)?", plain(letter)).group()
