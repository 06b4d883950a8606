"""The reference: the least that Django REST framework can do under our web server.

`/ping/` answers a constant; POST `/insert/` validates four fields and inserts one row, on the same
engine with the same options as ours, in one transaction.
"""

# No postponed annotations here: Django REST framework reads them at run time.

import os
from contextlib import suppress

from django.conf import settings

from config.settings import base

settings.configure(
    SECRET_KEY="bare",  # noqa: S106 - signs nothing
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES=base.DATABASES,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["rest_framework"],
    USE_TZ=True,
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)

import django  # noqa: E402 - settings first

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings first
from django.db import DatabaseError, connection, models, transaction  # noqa: E402 - settings first
from django.urls import path  # noqa: E402 - settings first
from rest_framework import serializers  # noqa: E402 - settings first
from rest_framework.request import Request  # noqa: E402 - settings first
from rest_framework.response import Response  # noqa: E402 - settings first
from rest_framework.views import APIView  # noqa: E402 - settings first


class Entry(models.Model):
    """One row, with the index that any useful table has."""

    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    email = models.CharField(max_length=254, unique=True)
    affiliation = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "bare"
        db_table = "bare_entry"

    def __str__(self) -> str:
        return self.email


class EntrySerializer(serializers.ModelSerializer[Entry]):
    class Meta:
        model = Entry
        fields = ("given_name", "family_name", "email", "affiliation")


class PingView(APIView):
    def get(self, _request: Request) -> Response:
        return Response({"ping": "pong"})


class InsertView(APIView):
    def post(self, request: Request) -> Response:
        serializer = EntrySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with transaction.atomic():
            serializer.save()
        return Response(serializer.data, status=201)


urlpatterns = [path("ping/", PingView.as_view()), path("insert/", InsertView.as_view())]


def create_table() -> None:
    """Create the table; another process of the same server may be quicker."""
    with suppress(DatabaseError), connection.schema_editor() as editor:
        editor.create_model(Entry)
    connection.close()


os.umask(0o077)
create_table()
application = get_wsgi_application()
