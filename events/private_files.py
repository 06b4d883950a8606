"""Files of the programme that are not public yet are for those who may read it."""

from __future__ import annotations

from accounts.permissions import Permission
from accounts.private_files import open_private_files
from events.models import Material, Partner, Person

open_private_files(Material, "file", Permission.PROGRAMME_READ)
open_private_files(Partner, "logo", Permission.PROGRAMME_READ)
open_private_files(Person, "photo", Permission.PEOPLE_READ)
