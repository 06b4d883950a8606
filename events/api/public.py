"""What every view of the public API begins with: a visible conference, and one language."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.etags import not_modified
from core.errors import invalid, not_found
from core.text import language_tag
from events.languages import Reader, choose
from events.models import Conference
from events.services.keeping import KEPT, Kept, keep
from events.services.stamps import conference_stamp


class PublicAPIView(APIView):
    """A view below /public/{organisation}/{conference}/, without sign-in.

    Drafts and private conferences are not there. Former slugs lead to the same conference for ever.
    """

    authentication_classes = []
    permission_classes = [AllowAny]
    public = True

    conference: Conference
    reader: Reader

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        conference = self.find(str(kwargs["organisation"]), str(kwargs["conference"]))
        if conference is None:
            raise not_found()
        self.conference = conference
        self.reader = self._choose_reader(request)

    def find(self, organisation: str, conference: str) -> Conference | None:
        """Return the conference at this address."""
        return Conference.objects.visible_at(organisation, conference)

    def _choose_reader(self, request: Request) -> Reader:
        asked = request.query_params.get("lang")
        if asked is not None:
            try:
                language_tag(asked)
            except ValueError as error:
                raise invalid(
                    "/lang", "language", "Give a language as a BCP 47 tag, such as sr-Latn."
                ) from error
        accepted = request.headers.get("Accept-Language", "")
        return choose(asked, accepted, self.conference.languages)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say in which language the answer is, and by what it was chosen."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if hasattr(self, "reader"):
            answer["Content-Language"] = self.reader.tag
        patch_vary_headers(answer, ["Accept-Language"])
        return answer

    def reading(self, body: dict[str, Any]) -> HttpResponse | Response:
        """Answer a body with the ETag of its bytes, or 304 to who has them already."""
        return self.reading_raw(JSONRenderer().render(body))

    def reading_raw(self, raw: bytes) -> HttpResponse | Response:
        """Answer a body that is rendered."""
        etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
        if not_modified(self.request, etag):
            return Response(status=304, headers=headers)
        return HttpResponse(raw, content_type="application/json", headers=headers)


class KeptPublicAPIView(PublicAPIView):
    """A view whose answers are kept for a few seconds, as public pages are: no query when warm."""

    kept: Kept | None = None

    def find(self, organisation: str, conference: str) -> Conference | None:
        """Return the conference at this address; by a former slug it is read each time."""

        def read() -> Conference | None:
            return super(KeptPublicAPIView, self).find(organisation, conference)

        self.kept = keep(
            (organisation, conference), lambda: conference_stamp(organisation, conference)
        )
        return read() if self.kept is None else self.kept.once("conference", read)

    def reading_kept(self, make: Callable[[], dict[str, Any]]) -> HttpResponse | Response:
        """Answer the body that `make` makes, or made for somebody else with this language."""
        kept = self.kept
        if kept is None:
            return self.reading(make())
        key = (type(self).__name__, self.reader.tag)
        raw = kept.once(key, lambda: JSONRenderer().render(make()))
        # Where the middleware finds it; answers in other forms than JSON are not kept.
        setattr(self.request._request, KEPT, kept)  # noqa: SLF001
        return self.reading_raw(raw)
