"""Support staff look at the outbox and change nothing."""

from __future__ import annotations

import pytest

from accounts.models import Account
from core.actors import SYSTEM
from core.models import AuditEntry
from notifications.models import SendingSwitch
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
        "mailpause/add/",
        "outboxtrouble/add/",
    ):
        assert support.post(f"/admin/notifications/{address}").status_code == 403
    assert support.get("/admin/notifications/renderedmail/").status_code == 404


def test_support_pauses_all_mail_and_lets_it_go(support):
    base = "/admin/notifications/sendingswitch/"
    assert support.post(f"{base}add/", {"reason": "Restored"}).status_code == 302
    assert support.post(f"{base}add/", {"reason": "Twice"}).status_code == 302
    row = SendingSwitch.objects.get()
    assert (row.reason, row.paused_by) == ("Restored", Account.objects.get())
    assert support.get(f"{base}1/change/").status_code == 200
    assert support.post(f"{base}1/delete/", {"post": "yes"}).status_code == 302
    assert not SendingSwitch.objects.exists()
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "pause_sending",
        "resume_sending",
    ]


def test_staff_without_that_right_pause_nothing(client_as):
    client = client_as(AccountFactory(is_staff=True))
    address = "/admin/notifications/sendingswitch/add/"
    assert client.post(address, {"reason": "No"}).status_code == 403
    assert not SendingSwitch.objects.exists()
