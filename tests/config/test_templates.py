"""What holds for every template of the product, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
APPS = ("config", "core", "accounts", "events", "registrations", "notifications", "console")
FOLDERS = [ROOT / app / "templates" for app in APPS]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in str(path.relative_to(ROOT))]
SPRITE = (ROOT / "config/static/lectern/icons.svg").read_text(encoding="utf-8")
INLINE = re.compile(
    r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*(?:\ssrc=|ld\+json))|javascript:"""
)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_it_compiles(path):
    get_template(str(path.relative_to(ROOT)).split("/templates/", 1)[1])


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_it_has_nothing_inline_that_the_content_security_policy_refuses(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


def test_every_icon_that_a_template_names_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
    named = {
        name
        for path in PAGES
        for name in re.findall(r'(?:{% icon|\bicon=)\s*"([\w-]+)"', path.read_text("utf-8"))
    }
    assert named - there == set()


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_no_block_uses_an_address_that_another_block_has_made(path):
    """A name made in a block is gone after it: the link would lead to the page itself."""
    text = path.read_text(encoding="utf-8")
    blocks = re.split(r"{%\s*(?:block \w+|endblock\b[^%]*)\s*%}", text)
    made = [set(re.findall(r"{% url [^%]*\bas (\w+) %}", block)) for block in blocks]
    everywhere = set().union(*made) - made[0]
    lost = [
        name
        for block, own in zip(blocks, made, strict=True)
        for name in everywhere - own
        if re.search(rf"{{[{{%][^}}]*\b{name}\b(?!=)", block)
    ]
    assert lost == []
