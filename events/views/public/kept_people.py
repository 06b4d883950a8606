"""Addresses with the code of who turned out to be another one: they lead to that one for ever."""

from __future__ import annotations

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from accounts.models import Organisation
from events.services.merged_codes import kept_person
from events.views.public.serving import View


def leads_to_kept_person(view: View) -> View:
    """Make a view of a person's page lead on where it finds nobody."""

    @wraps(view)
    def found(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except Http404:
            host = Organisation.objects.filter(slug=kwargs["organisation"]).first()
            kept = kept_person(host.pk, kwargs["code"]) if host is not None else None
            if kept is None or request.resolver_match is None:
                raise
            at = {**kwargs, "code": kept.code}
            view(request, **at)  # nobody is sent to a page that is not there
            query = request.META.get("QUERY_STRING", "")
            url = reverse(request.resolver_match.view_name, kwargs=at)
            return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)

    return found
