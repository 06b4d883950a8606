"""Rules that every model keeps, whoever writes it."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.db import models

from accounts.models import Organisation
from core.privacy import BASE_FIELDS, MarkedModel, marks_of

OURS = ["core", "accounts", "events", "registrations", "notifications", "console"]
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models(include_auto_created=False)
]
# Rows that stand below no organisation, each with its reason.
BELOW_NOBODY = {
    "core.AuditEntry": "outlives what it tells of; keeps the organisation's number without a key",
    "core.IdempotencyRecord": "a caller's, for a day",
    "core.StoredFile": "core knows no organisations; keeps the number and the view asks for it",
    "core.TimeZoneData": "one row for the installation",
    "accounts.Account": "a login may belong to several organisations",
    "notifications.SendingSwitch": "one row for the installation",
    "notifications.OutboxPulse": "one row for the installation",
    "notifications.OutboxTally": "counts of the whole installation",
}


def names_of(model):
    return {field.name for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_field_is_marked_public_personal_or_sensitive_once(model):
    assert issubclass(model, MarkedModel)
    privacy = model.field_privacy
    named = Counter([*privacy.public, *privacy.personal, *privacy.sensitive])
    own = names_of(model) - BASE_FIELDS
    assert [name for name, times in named.items() if times > 1] == [], "marked twice"
    assert set(named) - names_of(model) == set(), "there is no such field"
    if privacy.all_public:
        assert not named, "all are public, so none is named"
    else:
        assert own - set(named) == set(), "not marked"
    assert set(marks_of(model)) == names_of(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_model_without_human_beings_has_no_field_that_sounds_like_one(model):
    telling = {"email", "given_name", "family_name", "phone", "to_email", "to_name"}
    marked = marks_of(model)
    assert {name for name in telling if marked.get(name) == "public"} == set()


def paths_to_organisation(model, seen=()):
    """Return all chains of required foreign keys from the model to Organisation."""
    if model is Organisation:
        return [()]
    found = []
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey) or field.null or model in seen:
            continue
        found += [
            (field.name, *rest)
            for rest in paths_to_organisation(field.related_model, (*seen, model))
        ]
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_row_reaches_its_organisation_by_foreign_keys(model):
    paths = paths_to_organisation(model)
    if model._meta.label in BELOW_NOBODY:
        assert paths == []
        return
    assert paths, "no chain of required foreign keys leads to Organisation"


def test_the_exceptions_are_still_there():
    assert set(BELOW_NOBODY) <= {model._meta.label for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_word_of_a_vocabulary_is_checked_by_the_database_too(model):
    """Each field that must hold one of its choices has a CHECK constraint that knows them."""
    constraints = " ".join(
        str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)
    )
    for field in model._meta.concrete_fields:
        if field.choices and not field.blank and field.model is model:
            assert f"{field.name}__in" in constraints, field.name


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_row_says_what_it_is_in_one_word(model):
    assert model.__str__ is not models.Model.__str__


def test_models_and_migrations_agree(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
