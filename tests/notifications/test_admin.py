"""Support staff look at the outbox and change nothing."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from notifications.services.delivery import send_due_messages
from notifications.services.sending_switch import pause_sending
from tests.factories.accounts import AccountFactory
from tests.factories.notifications import (
    MailTemplateFactory,
    MessageFactory,
    NoticeFactory,
    ReminderRuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(client_as):
    return client_as(AccountFactory(is_staff=True, is_superuser=True))


def test_lists_cost_the_same_for_one_and_three(support, transport, django_assert_num_queries):
    for number in (1, 2):
        for _ in range(number):
            MessageFactory()
            ReminderRuleFactory()
            NoticeFactory()
            MailTemplateFactory()
        send_due_messages()
        for name in ("message", "delivery", "reminderrule", "notice", "mailtemplate"):
            with django_assert_num_queries(4):
                page = support.get(f"/admin/notifications/{name}/")
            assert page.status_code == 200


def test_nothing_is_added_changed_or_deleted(support, transport):
    row = MessageFactory()
    pause_sending(reason="restored", actor=SYSTEM)
    assert support.get(f"/admin/notifications/message/{row.pk}/change/").status_code == 200
    assert support.get("/admin/notifications/sendingswitch/").status_code == 200
    for address in (
        "message/add/",
        f"message/{row.pk}/delete/",
        "sendingswitch/add/",
        "sendingswitch/1/delete/",
    ):
        assert support.post(f"/admin/notifications/{address}").status_code == 403
    assert support.get("/admin/notifications/renderedmail/").status_code == 404
