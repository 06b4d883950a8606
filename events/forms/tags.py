"""What organisers type about tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from events.forms.base import ServiceForm
from events.models import Tag
from events.services.tags import read_tags


class TagPeopleForm(ServiceForm):
    """Tags for many people at once."""

    add = forms.CharField(
        label="Add tags", required=False, max_length=500, help_text="Words with commas between."
    )
    remove = forms.ChoiceField(label="Take off", required=False)

    def __init__(self, *args: Any, tags: Iterable[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("remove", [("", "Nothing"), *((tag.slug, tag.name) for tag in tags)])

    def changes(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        gone = self.cleaned_data["remove"]
        return {"add": read_tags(self.cleaned_data["add"]), "remove": [gone] if gone else []}


class RenameTagForm(ServiceForm):
    """How a tag is called."""

    name = forms.CharField(max_length=100, help_text="Everybody who has it keeps it.")


class MergeTagForm(ServiceForm):
    """The tag that stands for this one, too."""

    into = forms.ChoiceField(label="Merge into")

    def __init__(self, *args: Any, tags: Iterable[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("into", [(tag.slug, tag.name) for tag in tags])


class BalanceForm(ServiceForm):
    """By which tags organisers are told how panels are made up."""

    balance_tags = forms.MultipleChoiceField(
        label="Tags", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, tags: Iterable[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("balance_tags", [(tag.slug, tag.name) for tag in tags])
