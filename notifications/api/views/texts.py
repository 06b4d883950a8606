"""The texts of mails: which there are, what each says, and an own one in its place."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
import hashlib
from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.etags import expected_version
from core.api.pagination import NamePagination
from core.api.resources import ResourceView
from core.errors import not_found
from events.api.base import ConferenceResource, OrganisationResource
from notifications.api.text_serializers import MailTemplateSerializer, MailTextSerializer
from notifications.models import MailTemplate
from notifications.services.listing import entries, entry
from notifications.services.mail_templates import reset_mail_template, set_mail_template
from notifications.services.own_texts import Held, Level, held
from notifications.services.texts import LANGUAGES

# What a text written whole has where it says nothing.
_EMPTY: Final = {"facts": [], "after": "", "lead": "", "button_label": "", "button_url": ""}


class _Texts(ResourceView):
    read_permission: ClassVar[Permission] = Permission.MAIL_READ
    write_permission: ClassVar[Permission] = Permission.MAIL_WRITE
    queryset = MailTemplate.objects.none()

    @property
    def level(self) -> Level:
        return Level(
            self.organisation,  # type: ignore[attr-defined]  # both kinds of view have it
            getattr(self, "conference", None),
        )


class _List(_Texts):
    serializer_class = MailTemplateSerializer
    pagination_class = NamePagination
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the texts, those of the organisation's own among them."""
        rows: Any = [MailTemplateSerializer(one).data for one in entries(self.level)]
        return self.get_paginated_response(self.paginate_queryset(self.filter_queryset(rows)))


class _Detail(_Texts):
    serializer_class = MailTemplateSerializer

    def etag_of(self, row: Any) -> str:
        """Return a tag of what is shown: it is put together of several rows."""
        return f'"{hashlib.sha256(repr(self.body_of(row)).encode()).hexdigest()[:24]}"'

    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        found = entry(self.level, slug)
        if found is None:
            raise not_found()
        return self.reading(found)


class _Text(_Texts):
    """A text in one language. Its ETag is `"v0"` where this level has none of its own."""

    serializer_class = MailTextSerializer

    def etag_of(self, row: Held) -> str:
        return f'"v{row.version}"'

    def one_text(self, slug: str, language: str) -> Held:
        text = held(self.level, slug).get(language)
        if text is None:
            raise not_found()
        return text

    def get(self, request: Request, slug: str, language: str, **kwargs: Any) -> Response:
        text = self.one_text(slug, language)
        if text.version:
            return self.reading(text)
        # What comes from elsewhere may change without this level's number.
        return Response(self.body_of(text), headers={"ETag": self.etag_of(text)})

    def put(self, request: Request, slug: str, language: str, **kwargs: Any) -> Response:
        """Write the text whole; a slug that is new makes one that rules can choose."""
        return self._write(slug, language, partial=False)

    def patch(self, request: Request, slug: str, language: str, **kwargs: Any) -> Response:
        """Change parts of the text that holds, at this level."""
        self.one_text(slug, language)
        return self._write(slug, language, partial=True)

    def delete(self, request: Request, slug: str, language: str, **kwargs: Any) -> Response:
        """Take the text back to the wider one."""
        self.one_text(slug, language)
        return self.deleting(
            lambda expected: reset_mail_template(
                level=self.level,
                template=slug,
                language=language,
                expected=expected,
                actor=self.actor,  # type: ignore[attr-defined]  # both kinds of view have it
            )
        )

    def _write(self, slug: str, language: str, *, partial: bool) -> Response:
        if language not in LANGUAGES:
            raise not_found()
        expected = expected_version(self.request)
        serializer = self.get_serializer(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        set_mail_template(
            level=self.level,
            template=slug,
            language=language,
            values={**({} if partial else _EMPTY), **serializer.validated_data},
            expected=expected,
            actor=self.actor,  # type: ignore[attr-defined]  # both kinds of view have it
        )
        text = self.one_text(slug, language)
        return Response(self.body_of(text), headers={"ETag": self.etag_of(text)})


class MailTemplateList(_List, ConferenceResource):
    """The texts that hold for a conference."""


class MailTemplateDetail(_Detail, ConferenceResource):
    """One text with its languages, for a conference."""


@extend_schema_view(get=extend_schema(operation_id="conference_mail_text_retrieve"))
class MailTextDetail(_Text, ConferenceResource):
    """One text in one language, for a conference."""


class HostMailTemplateList(_List, OrganisationResource):
    """The texts that hold for all conferences of an organisation."""


class HostMailTemplateDetail(_Detail, OrganisationResource):
    """One text with its languages, for all conferences of an organisation."""


@extend_schema_view(get=extend_schema(operation_id="organisation_mail_text_retrieve"))
class HostMailTextDetail(_Text, OrganisationResource):
    """One text in one language, for all conferences of an organisation."""
