"""What organisers type about the photos of an outcome: several at once, then each one's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from events.enums import PhotoConsent
from events.forms.base import ServiceForm
from events.models import Conference, OutcomePhoto

PICTURES = "image/jpeg,image/png,image/webp"
MOST_AT_ONCE = 20


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once."""

    widget = _SeveralFiles(attrs={"accept": PICTURES})

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError("Choose one picture or several.", code="required")
        if len(files) > MOST_AT_ONCE:
            detail = f"Choose {MOST_AT_ONCE} pictures at the most at once."
            raise forms.ValidationError(detail, code="too-many")
        clean = super().clean
        return [clean(one, initial) for one in files]


class PhotosForm(ServiceForm):
    """Pictures to be added."""

    photos = _FilesField(
        label="Pictures", help_text="PNG, JPEG or WebP, 10 MB each at the most. Several at once."
    )

    def pictures(self) -> list[UploadedFile[Any]]:
        found: list[UploadedFile[Any]] = self.cleaned_data["photos"]
        return found


class PhotoForm(ServiceForm):
    """What is said of a picture, and whether it may be shown."""

    credit = forms.CharField(label="Photographer", required=False, max_length=200)
    consent = forms.ChoiceField(
        label="Consent of those on it", choices=PhotoConsent.choices, widget=forms.RadioSelect
    )
    consent_note = forms.CharField(
        label="From whom and how",
        required=False,
        max_length=500,
        help_text="“Notice at the door”, “asked all three, in person”. Nobody else reads it.",
    )
    shown = forms.BooleanField(label="Show it on the page", required=False)

    def __init__(
        self, *args: Any, conference: Conference, photo: OutcomePhoto, **kwargs: Any
    ) -> None:
        self.photo = photo
        kwargs.setdefault("initial", _photo_initial(photo))
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts(
            "alt",
            "What it shows",
            help_text="For those who do not see it: “Three people at a table, one speaks.”",
        )
        self.add_texts("caption", "Caption")
        texts = self.text_fields("alt", "caption")
        self.order_fields(["version", *texts, "credit", "consent", "consent_note", "shown"])

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "alt": self.text_values("alt", self.photo.alt),
            "caption": self.text_values("caption", self.photo.caption),
            **{name: data[name] for name in ("credit", "consent", "consent_note", "shown")},
        }


def _photo_initial(photo: OutcomePhoto) -> dict[str, Any]:
    return {
        **PhotoForm.initial_texts("alt", photo.alt),
        **PhotoForm.initial_texts("caption", photo.caption),
        "version": photo.version,
        **{name: getattr(photo, name) for name in ("credit", "consent", "consent_note", "shown")},
    }
