"""Forms whose refusals come from a service."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from core.errors import DomainError, FieldError
from core.forms import ServiceForm


class ThingForm(ServiceForm):
    name = forms.CharField()
    start = forms.CharField(required=False)
    kind = forms.ChoiceField(required=False)
    names = {"start_local": "start"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_texts("title", "Title", required=True, help_text="Short.")
        self.add_texts("about", "About", lines=4)
        self.set_choices("kind", [("a", "A")])


def form(text="name=x&title_en=Opening&version=3", languages=("en", "sr-Latn")):
    made = ThingForm(QueryDict(text), languages=languages)
    made.is_valid()
    return made


def test_a_text_is_one_field_a_language_and_only_the_first_is_needed():
    made = form()
    assert [made.fields[f"title_{tag}"].required for tag in ("en", "sr_Latn")] == [True, False]
    assert made.fields["title_sr_Latn"].label == "Title (Srpski (latinica))"
    assert made.text_values("title") == {"en": "Opening", "sr-Latn": ""}
    assert made.text_values("title", {"ru": "Открытие"})["ru"] == "Открытие"
    assert made.initial_texts("title", {"sr-Latn": "Otvaranje"}) == {"title_sr_Latn": "Otvaranje"}
    assert made.text_fields("title", "about") == [
        "title_en", "title_sr_Latn", "about_en", "about_sr_Latn",
    ]  # fmt: skip


def test_further_languages_are_folded_away_until_something_is_wrong_there():
    made = form()
    assert [f.name for f in made.other_fields()] == ["title_sr_Latn", "about_sr_Latn"]
    assert "title_sr_Latn" not in [f.name for f in made.first_fields()]
    assert [f.name for f in made.first_fields(["name", "title_sr_Latn"])] == ["name"]
    assert not made.others_wrong()
    made.add_error("title_sr_Latn", "No.")
    assert made.others_wrong()


def test_one_language_needs_no_name_and_an_unknown_one_is_english():
    assert form(languages=["xx"]).fields["title_en"].label == "Title"


def test_refusals_stand_beside_what_they_are_about():
    made = form()
    made.refuse(
        DomainError(
            "validation-failed",
            "Several.",
            errors=[
                FieldError("/start_local", "x", "Too early."),
                FieldError("/title", "x", "Too long."),
                FieldError("/elsewhere", "x", "Something else."),
            ],
        )
    )
    assert made.errors == {
        "start": ["Too early."], "title_en": ["Too long."], "__all__": ["Something else."],
    }  # fmt: skip


def test_a_refusal_of_the_whole_stands_above():
    made = form()
    made.refuse(DomainError("stale", "Somebody else."))
    assert made.non_field_errors() == ["Somebody else."]
    other = form()
    other.refuse(DomainError("stale", "Somebody else."), "Ana changed this.")
    assert other.non_field_errors() == ["Ana changed this."]


def test_the_version_that_was_read_goes_along_and_can_be_renewed():
    made = form()
    assert made.expected == 3
    made.on_version(5)
    assert 'value="5"' in str(made["version"])
    assert made["name"].value() == "x"


def test_only_a_choice_takes_choices():
    with pytest.raises(TypeError):
        form().set_choices("name", [])


def test_a_hint_is_shown_as_it_was_typed_and_never_as_a_tag():
    class Ask(forms.Form):
        name = forms.CharField(help_text="<object data=x></object> & more")

    page = str(Ask()["name"].as_field_group())
    assert "<object" not in page
    assert "&lt;object data=x&gt;&lt;/object&gt; &amp; more" in page
