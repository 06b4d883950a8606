from notifications.models.announcement import Announcement
from notifications.models.message import Delivery, Message, RenderedMail, message_uid
from notifications.models.notice import Notice
from notifications.models.reminder_rule import ReminderRule
from notifications.models.sending import SendingSwitch
from notifications.models.suppression import LiftedSuppression, Suppression

__all__ = [
    "Announcement",
    "Delivery",
    "LiftedSuppression",
    "Message",
    "Notice",
    "ReminderRule",
    "RenderedMail",
    "SendingSwitch",
    "Suppression",
    "message_uid",
]
