"""Shapes of bodies of accounts."""

from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer, TextsField


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
