"""The page of all components: for developers, never on a real installation."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.accounts import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def developer(client_as):
    return client_as(AccountFactory())


def test_it_shows_every_component_with_the_demo(developer, settings):
    settings.LECTERN_DEMO = True
    page = developer.get(reverse("components")).content.decode()
    parts = ("evening", "needs", "curve", "table", "panes", "panel-table", "cover", "programme")
    assert [part for part in parts if f'class="{part}' not in page and f" {part}" not in page] == []


def test_it_has_one_main_heading_and_one_main_landmark(developer, settings):
    settings.LECTERN_DEMO = True
    page = developer.get(reverse("components")).content.decode()
    assert (page.count("<h1"), page.count("<main")) == (1, 1)


def test_it_does_not_exist_without_the_demo(developer, settings):
    settings.LECTERN_DEMO = settings.EMBEDDED = settings.DEBUG = False
    assert developer.get(reverse("components")).status_code == 404
