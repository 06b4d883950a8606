"""What kind of fact a model field holds; each model says it for each of its fields.

public: may stand on a page that anybody reads, or says nothing about a human being.
personal: about a human being (Art. 4 GDPR); leaves with erasure.
sensitive: Art. 9 GDPR; in a table of its own, erased after the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.db import models


@dataclass(frozen=True)
class FieldPrivacy:
    """The marks of one model's own fields; `all_public` for models without human beings."""

    public: frozenset[str] = field(default_factory=frozenset)
    personal: frozenset[str] = field(default_factory=frozenset)
    sensitive: frozenset[str] = field(default_factory=frozenset)
    all_public: bool = False


def marks(*, public: str = "", personal: str = "", sensitive: str = "") -> FieldPrivacy:
    """Return marks from lists of field names written as words."""
    return FieldPrivacy(
        frozenset(public.split()), frozenset(personal.split()), frozenset(sensitive.split())
    )


NO_PEOPLE = FieldPrivacy(all_public=True)
# Fields that every base model brings along.
BASE_FIELDS = frozenset({"id", "uid", "created_at", "updated_at", "version", "link_generation"})


class MarkedModel(models.Model):
    """A model that says for each field what kind of fact it holds."""

    field_privacy: ClassVar[FieldPrivacy]

    class Meta:
        abstract = True


def marks_of(model: type[models.Model]) -> Mapping[str, str]:
    """Return field name -> mark; a field without one is missing from the answer."""
    privacy: FieldPrivacy | None = getattr(model, "field_privacy", None)
    answer: dict[str, str] = {}
    for f in model._meta.concrete_fields:
        if f.name in BASE_FIELDS:
            answer[f.name] = "public"
        elif privacy is not None:
            for mark in ("public", "personal", "sensitive"):
                if f.name in getattr(privacy, mark) or (mark == "public" and privacy.all_public):
                    answer[f.name] = mark
    return answer
