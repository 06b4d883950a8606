"""What /readyz and /metrics are told about mail. Registering is this module's effect."""

from __future__ import annotations

from core.health import register_check
from core.metrics import register_figures
from notifications.services.figures import check_mail, mail_figures

register_check("mail", check_mail)
register_figures("mail", mail_figures)
