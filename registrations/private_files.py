"""Files that guests sent are for those who may read registrations."""

from __future__ import annotations

from accounts.permissions import Permission
from accounts.private_files import open_private_files
from registrations.models import Answer, GuestUpload

open_private_files(Answer, "file", Permission.REGISTRATION_READ)
open_private_files(GuestUpload, "file", Permission.REGISTRATION_READ)
