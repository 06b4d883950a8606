"""Who speaks for a party: when the lead is over, the next one does."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from core.actors import Actor
from core.services import audit
from events.services.writing import save_root
from registrations.models import Registration
from registrations.services.registration_rows import tell


def hand_on(rows: Iterable[Registration], actor: Actor, *, by_guest: bool = False) -> None:
    """Let somebody of each party lead it whose lead is over now, and mail their link.

    That is who has no address of their own, so that the contact stays who has the letters, and
    else who came first. One query where nobody is left.

    Arguments:
        rows: what is over; the caller has them locked.
    """
    over = [row.pk for row in rows if row.lead_id is None and not row.is_live]
    if not over:
        return
    left = (
        Registration.objects.live()
        .select_for_update(of=("self",), no_key=True)
        .select_related("conference", "booking", "registration_type")
        .filter(lead_id__in=over)
        .order_by("pk")
    )
    parties: dict[int | None, list[Registration]] = {}
    for row in left:
        parties.setdefault(row.lead_id, []).append(row)
    for former, party in parties.items():
        chosen = next((row for row in party if not row.email), party[0])
        chosen.lead = None
        chosen.link_sent_at = now = timezone.now()
        save_root(chosen, ["lead", "link_sent_at"], None)
        others = Registration.objects.filter(lead_id=former).exclude(pk=chosen.pk)
        others.update(lead=chosen, updated_at=now)
        audit.record(
            verb="lead_party",
            obj=chosen,
            organisation_id=chosen.conference.organisation_id,
            actor=actor,
            changed=["lead"],
        )
        tell(chosen, "leads_party", by_guest=by_guest)
