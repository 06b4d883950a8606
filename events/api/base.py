"""What every view below …/conferences/{conference}/ begins with: the conference."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from accounts.api.base import OrganisationAPIView
from core.api.resources import ResourceView
from core.errors import not_found
from events.models import Conference
from events.services.languages import first_language_of


class ConferenceAPIView(OrganisationAPIView):
    """A view below a conference; one of another organisation is not there."""

    conference: Conference

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        rows = Conference.objects.filter(organisation=self.organisation)
        slug = str(kwargs["conference"])
        # A former slug leads here for ever.
        conference = rows.filter(slug=slug).first() or rows.filter(slug_history__slug=slug).first()
        if conference is None:
            raise not_found()
        conference.organisation = self.organisation
        self.conference = conference


class OrganisationResource(OrganisationAPIView, ResourceView):
    """A resource beside the conferences; texts begin with the organisation's first language."""

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if hasattr(self, "organisation"):
            context["organisation"] = self.organisation
            context["language"] = first_language_of(self.organisation)
        return context


class ConferenceResource(ConferenceAPIView, ResourceView):
    """A resource of a conference; texts begin with the conference's first language."""

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if hasattr(self, "conference"):
            context["organisation"] = self.organisation
            context["conference"] = self.conference
            context["language"] = self.conference.first_language
        return context
