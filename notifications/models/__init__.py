from notifications.models.message import Delivery, Message, RenderedMail
from notifications.models.reminder_rule import ReminderRule
from notifications.models.sending import SendingSwitch

__all__ = ["Delivery", "Message", "ReminderRule", "RenderedMail", "SendingSwitch"]
