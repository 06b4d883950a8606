from notifications.models.announcement import Announcement
from notifications.models.mail_template import MailTemplate
from notifications.models.message import Delivery, Message, RenderedMail, message_uid
from notifications.models.notice import Notice
from notifications.models.reminder_rule import ReminderRule
from notifications.models.sending import MailPause, SendingSwitch
from notifications.models.suppression import LiftedSuppression, Suppression
from notifications.models.watch import OutboxPulse, OutboxTally, OutboxTrouble

__all__ = [
    "Announcement",
    "Delivery",
    "LiftedSuppression",
    "MailPause",
    "MailTemplate",
    "Message",
    "Notice",
    "OutboxPulse",
    "OutboxTally",
    "OutboxTrouble",
    "ReminderRule",
    "RenderedMail",
    "SendingSwitch",
    "Suppression",
    "message_uid",
]
