"""What one guest answered is nobody else's: it goes when their registration goes to another."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.models import StoredFile
from core.services.kept_files import delete_file
from registrations.enums import RegistrationStatus
from registrations.models import Answer, ConsentGiven, Registration, SensitiveAnswer
from registrations.services.needs import allotments_of
from registrations.services.place_moves import exchange_places, tell_freed
from registrations.services.recording import record


@transaction.atomic
def forget_answers(*, registration: Registration, actor: Actor) -> int:
    """Delete all that was answered for a registration, with the files; consents are withdrawn.

    The places of chosen options go back. The caller has the registration locked.

    Returns: how many answers and consents went.
    """
    files = list(
        Answer.objects.filter(registration=registration, file__isnull=False).values_list(
            "file_id", flat=True
        )
    )
    number = Answer.objects.filter(registration=registration).delete()[0]
    number += SensitiveAnswer.objects.filter(registration=registration).delete()[0]
    now = timezone.now()
    standing = ConsentGiven.objects.filter(registration=registration, withdrawn_at__isnull=True)
    number += standing.update(withdrawn_at=now, updated_at=now)
    if not number:
        return 0
    for file in StoredFile.objects.filter(pk__in=files):
        delete_file(file=file, actor=actor)
    record("forget_answers", registration, actor, facts={"number": number})
    taken = set(registration.places.values_list("allotment_id", flat=True))
    back = taken - set(allotments_of(registration))
    if back:
        exchange_places(registration=registration, take=(), give=back)
    elif registration.status == RegistrationStatus.WAITING_LIST:
        # Perhaps it was an option that they waited for.
        tell_freed(allotments_of(registration))
    return number
