"""What every view of the public API begins with: a visible conference, and one language."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
import hashlib
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
        raw = JSONRenderer().render(body)
        etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
        if not_modified(self.request, etag):
            return Response(status=304, headers=headers)
        return HttpResponse(raw, content_type="application/json", headers=headers)
