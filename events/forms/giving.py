"""What a speaker types or chooses on their own page. The rules stand in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import LANGUAGES
from events.languages import Reader
from events.models import Participation
from events.services.giving import MAX_BIO, MAX_WISH
from events.services.slide_files import ACCEPT


class GivingForm(forms.Form):
    """One card of the page."""

    item = ""
    # What may be left out goes without saying: nobody has to give everything at once.
    all_optional = True
    # The service's pointers -> this form's fields.
    pointers: dict[str, str] = {}

    def __init__(self, *args: Any, part: Participation, reader: Reader, **kwargs: Any) -> None:
        self.part, self.reader = part, reader
        kwargs.setdefault("auto_id", f"{self.item}_%s")
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def refuse(self, refusal: DomainError) -> None:
        """Say a service's refusal beside the fields that it is about."""
        for error in refusal.errors:
            name = self.pointers.get(error.pointer, error.pointer.strip("/"))
            self.add_error(name if name in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)


class BioForm(GivingForm):
    """A few lines about somebody, in each of the conference's languages."""

    item = "bio"

    def __init__(self, *args: Any, part: Participation, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, part=part, reader=reader, **kwargs)
        languages = part.session.conference.languages
        # The reader's own language comes first, the others are folded away.
        self.tags = [tag for tag in dict.fromkeys([reader.tag, *languages]) if tag in LANGUAGES]
        for tag in self.tags:
            self.fields[f"bio_{tag.replace('-', '_')}"] = forms.CharField(
                label=LANGUAGES[tag] if len(self.tags) > 1 else _("About you"),
                required=False,
                max_length=MAX_BIO,
                initial=part.person.bio.get(tag, ""),
                widget=forms.Textarea(attrs={"rows": 6, "lang": tag}),
            )
        self.fields["pronunciation"] = forms.CharField(
            label=_("How your name is said"),
            help_text=_("For who introduces you, such as: MEE-la JOR-je-vich."),
            required=False,
            max_length=200,
            initial=part.person.pronunciation,
        )

    def bio(self) -> dict[str, str]:
        return {tag: self.cleaned_data[f"bio_{tag.replace('-', '_')}"] for tag in self.tags}

    def first_fields(self) -> list[forms.BoundField]:
        return [self[f"bio_{self.tags[0].replace('-', '_')}"]]

    def other_fields(self) -> list[forms.BoundField]:
        return [self[f"bio_{tag.replace('-', '_')}"] for tag in self.tags[1:]]

    def refuse(self, refusal: DomainError) -> None:
        self.pointers = {"/bio": f"bio_{self.tags[0].replace('-', '_')}"}
        super().refuse(refusal)


class _Percent(forms.IntegerField):
    """A slider from 0 to 100."""

    def __init__(self, label: Any, lowest: int, initial: int) -> None:
        attrs = {"type": "range", "step": 1}
        super().__init__(
            label=label,
            min_value=lowest,
            max_value=100,
            initial=initial,
            widget=forms.NumberInput(attrs=attrs),
        )
        self.widget.input_type = "range"


class PhotoForm(GivingForm):
    """A picture, which square of it, and what it shows."""

    item = "photo"
    pointers = {"/file": "photo", "/photo_alt": "alt", "/crop": "size"}

    photo = forms.FileField(
        label=_("Picture"),
        help_text=_("A PNG, JPEG or WebP picture, at least 400 by 400 pixels, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    x = _Percent(_("Left or right"), 0, 50)
    y = _Percent(_("Up or down"), 0, 50)
    size = _Percent(_("How much of it"), 20, 100)
    alt = forms.CharField(
        label=_("What it shows"),
        help_text=_("One sentence for those who do not see it, such as: Mila Đorđević at a desk."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, part: Participation, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, part=part, reader=reader, **kwargs)
        self.fields["alt"].initial = part.person.photo_alt.get(reader.tag, "")
        self.fields["alt"].widget.attrs["lang"] = reader.tag


class DescriptionForm(GivingForm):
    """What a photo that is there shows."""

    item = "description"
    pointers = {"/photo_alt": "alt"}

    alt = forms.CharField(label=_("What it shows"), required=False, max_length=300)


class SlidesForm(GivingForm):
    """Slides as a file, or where they are."""

    item = "slides"
    pointers = {"/file": "slides"}

    slides = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, PPTX or ODP, up to 10 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    url = forms.CharField(
        label=_("Or the address where they are"),
        required=False,
        max_length=500,
        widget=forms.URLInput,
    )


class WishForm(GivingForm):
    """What somebody needs, in their own words."""

    pointers = {"/travel_needs": "text", "/technical_needs": "text"}

    text = forms.CharField(required=False, max_length=MAX_WISH, widget=forms.Textarea)


class TravelForm(WishForm):
    item = "travel"

    def __init__(self, *args: Any, part: Participation, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, part=part, reader=reader, **kwargs)
        field = self.fields["text"]
        field.label = _("When you come and go, where you stay, what we should know")
        field.initial, field.widget.attrs["rows"] = part.travel_needs, 4


class TechnicalForm(WishForm):
    item = "technical"

    def __init__(self, *args: Any, part: Participation, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, part=part, reader=reader, **kwargs)
        field = self.fields["text"]
        field.label = _("Microphone, sound, a film, a seat at the edge: whatever you need")
        field.initial, field.widget.attrs["rows"] = part.technical_needs, 4
