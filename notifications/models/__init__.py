from notifications.models.mail_template import MailTemplate
from notifications.models.message import Delivery, Message, RenderedMail, message_uid
from notifications.models.notice import Notice
from notifications.models.reminder_rule import ReminderRule
from notifications.models.sending import SendingSwitch

__all__ = [
    "Delivery",
    "MailTemplate",
    "Message",
    "Notice",
    "ReminderRule",
    "RenderedMail",
    "SendingSwitch",
    "message_uid",
]
