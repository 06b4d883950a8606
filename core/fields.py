"""Model fields that mean the same on both engines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.clock import FIRST_YEAR, LAST_YEAR
from core.text import LANGUAGES, language_tag

MAX_TEXT = 20_000

if TYPE_CHECKING:
    _LocalBase = models.Field[dt.datetime | str | None, dt.datetime | None]
else:
    _LocalBase = models.Field


class LocalDateTimeField(_LocalBase):
    """A wall-clock time without zone, to the minute: `timestamp without time zone` on PostgreSQL,
    ISO 8601 text on SQLite. The zone stands beside it in the row or in the conference.
    """

    description = "local date and time"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "timestamp without time zone" if connection.vendor == "postgresql" else "text"

    def get_internal_type(self) -> str:
        return "LocalDateTimeField"

    def from_db_value(
        self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper
    ) -> dt.datetime | None:
        return self.to_python(value)

    def to_python(self, value: Any) -> dt.datetime | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = dt.datetime.fromisoformat(value)
            except ValueError as error:
                raise ValidationError(
                    "Give date and time as 2027-03-28T10:00.", code="invalid"
                ) from error
        if not isinstance(value, dt.datetime):
            raise ValidationError("Give date and time as 2027-03-28T10:00.", code="invalid")
        if value.tzinfo is not None:
            raise ValidationError("A local time carries no offset.", code="invalid")
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(
                f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.", code="out_of_range"
            )
        return value.replace(second=0, microsecond=0, fold=0)

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> Any:
        value = self.to_python(value) if not prepared else value
        if value is None or connection.vendor == "postgresql":
            return value
        return value.isoformat(timespec="minutes")

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else value.isoformat(timespec="minutes")

    def formfield(self, **kwargs: Any) -> Any:
        from core.forms import LocalDateTimeFormField

        return super().formfield(**{"form_class": LocalDateTimeFormField, **kwargs})


def validate_texts(value: Any) -> None:
    """Refuse what is not an object of texts by language tag that Lectern knows."""
    if not isinstance(value, dict):
        raise ValidationError("Give one text per language.", code="invalid")
    for tag, text in value.items():
        try:
            known = language_tag(tag)
        except (ValueError, TypeError) as error:
            raise ValidationError(f"“{tag}” is not a language tag.", code="language") from error
        if known != tag or tag not in LANGUAGES:
            raise ValidationError(
                f"“{tag}” is not a language of this installation.", code="language"
            )
        if not isinstance(text, str) or len(text) > MAX_TEXT or "\x00" in text:
            raise ValidationError(f"The text in {tag} is too long or not a text.", code="text")


class TranslatedField(models.JSONField):
    """A text in several languages: a JSON object by BCP 47 tag, such as ``{"en": "Opening"}``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_texts]
