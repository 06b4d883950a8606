from core.models.audit import AuditEntry
from core.models.base import IdentifiedModel, StampedModel, VersionedModel
from core.models.idempotency import IdempotencyRecord
from core.models.stored_file import StoredFile
from core.models.time_zone_data import TimeZoneData

__all__ = [
    "AuditEntry",
    "IdempotencyRecord",
    "IdentifiedModel",
    "StampedModel",
    "StoredFile",
    "TimeZoneData",
    "VersionedModel",
]
