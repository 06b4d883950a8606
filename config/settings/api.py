"""How the API and its description are made: the same in every installation."""

from __future__ import annotations

from typing import Any, Final

REST_FRAMEWORK: Final[dict[str, Any]] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.CodeCursorPagination",
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.ProblemAutoSchema",
    "DEFAULT_FILTER_BACKENDS": [
        "core.api.filters.StrictFilterBackend",
        "core.api.filters.StrictOrderingFilter",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "caller": "600/min",
        "anonymous": "300/min",
        # By address: a lecture hall behind one address registers, a program that fills up seats
        # is slowed down. The public form has the same limit (registrations.views.public.base).
        "public-write": "120/min",
    },
    "EXCEPTION_HANDLER": "core.api.problems.problem_handler",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR: Final[dict[str, Any]] = {
    "TITLE": "Lectern API",
    "DESCRIPTION": "Conferences, programmes, registrations and mail of an organisation.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Names for vocabularies whose fields are called alike.
    "ENUM_NAME_OVERRIDES": {
        "ConferenceKind": "events.enums.ConferenceKind",
        "ConferenceMode": "events.enums.ConferenceMode",
        "ConferenceState": "events.enums.ConferenceState",
        "SessionKind": "events.enums.SessionKind",
        "SessionState": "events.enums.SessionState",
        "ParticipationRole": "events.enums.ParticipationRole",
        "ParticipationState": "events.enums.ParticipationState",
        "JobState": "events.enums.JobState",
        "NeedKind": "events.enums.NeedKind",
        "PartnerKind": "events.enums.PartnerKind",
        "AnsweredVia": "core.enums.AnsweredVia",
        "RecordedVia": [("phone", "By phone"), ("mail", "By mail"), ("in_person", "In person")],
        "MaterialKind": "events.enums.MaterialKind",
        "RegistrationKind": "registrations.enums.RegistrationKind",
        "RegistrationStatus": "registrations.enums.RegistrationStatus",
        "RegistrationSource": "registrations.enums.RegistrationSource",
        "TypeState": "registrations.enums.TypeState",
        "QuestionKind": "registrations.enums.QuestionKind",
        "AnnouncementState": "notifications.enums.AnnouncementState",
        "MessageKind": "notifications.enums.MessageKind",
        "MessageState": "notifications.enums.MessageState",
    },
}
