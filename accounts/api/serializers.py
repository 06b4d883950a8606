"""Shapes of bodies of accounts."""

from typing import Any

from rest_framework import serializers

from accounts.models import Organisation
from accounts.services.logos import logo_path
from core.api.serializers import StrictSerializer, TextsField
from core.links import absolute_url


class OrganisationSerializer(StrictSerializer):
    """An organisation: what everybody reads about it, and how its conferences begin."""

    slug = serializers.CharField(help_text="The first part of all addresses.")
    name = serializers.CharField()
    short_name = serializers.CharField(required=False, allow_blank=True)
    about = TextsField(required=False)
    city = serializers.CharField(required=False, allow_blank=True)
    country = serializers.CharField(required=False, allow_blank=True, help_text="ISO 3166-1, RS.")
    time_zone = serializers.CharField(required=False, help_text="IANA name, Europe/Belgrade.")
    languages: Any = serializers.ListField(child=serializers.CharField(), required=False)
    website = serializers.CharField(required=False, allow_blank=True)
    contact_email = serializers.CharField(required=False, allow_blank=True)
    contact_phone = serializers.CharField(required=False, allow_blank=True)
    imprint = TextsField(required=False)
    accent = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="The host's colour, #0b5d5e. Pages move its lightness until it can be read.",
    )
    logo_url = serializers.SerializerMethodField(help_text="Empty without a logo.")

    def get_logo_url(self, row: Organisation) -> str:
        path = logo_path(row)
        return absolute_url(path) if path else ""


class LogoSerializer(StrictSerializer):
    """A logo to upload."""

    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    content = serializers.CharField(
        trim_whitespace=False, help_text="A PNG, JPEG or WebP picture in Base64, up to 1 MB of it."
    )
