"""Optional mails as the guidelines of large mail services want them, by an auditor of others."""

from __future__ import annotations

import listunsub
import pytest

from notifications.services.kinds import KINDS, TO_INVITED
from notifications.services.texts import LANGUAGES
from tests.notifications.mailbag import SORTS, Mailbag

pytestmark = [pytest.mark.conformance, pytest.mark.django_db]
# Asking somebody to speak goes in any case, but stops what comes after it (`listed`).
_LISTED = {kind for kind, row in KINDS.items() if row.optional or row.listed}
_OPTIONAL = sorted(
    name for name, sort in SORTS.items() if sort.kind in _LISTED or name in TO_INVITED
)
_REQUESTED = sorted(set(SORTS) - set(_OPTIONAL))


@pytest.fixture
def bag(settings, frozen):
    frozen("2027-02-10T09:00")
    settings.BASE_URL = "https://conferences.example.org"
    return Mailbag()


def audit(posted):
    """Return the problems of a mail's one-click fields, with those about signatures."""
    headers = posted.read
    problems = listunsub.audit(
        headers.get_all("List-Unsubscribe"),
        headers.get_all("List-Unsubscribe-Post"),
        dkim_signatures=headers.get_all("DKIM-Signature", []),
    )
    return [problem.code for problem in problems]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", _OPTIONAL)
def test_an_optional_mail_lacks_nothing_but_the_relays_signature(bag, template, language):
    """Mails are signed where they leave (docs/operations.md), so the signature is not here yet."""
    assert audit(bag.post(SORTS[template], language)) == ["missing-dkim"]


@pytest.mark.parametrize("template", _REQUESTED)
def test_what_a_reader_waits_for_has_no_such_button(bag, template):
    headers = bag.post(SORTS[template], "en").read

    assert [name for name in headers if name.lower().startswith("list-")] == []
