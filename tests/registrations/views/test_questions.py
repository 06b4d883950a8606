"""The questions on the public form: shown, read, refused beside the field, nothing lost."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.actors import SYSTEM
from core.models import StoredFile
from registrations.models import (
    Allotment,
    Answer,
    ConsentGiven,
    ConsentText,
    GuestUpload,
    QuestionSection,
    Registration,
    SensitiveAnswer,
)
from registrations.services.links import manage_url
from registrations.services.questions import change_question
from tests.factories.registrations import (
    AllotmentFactory,
    QuestionFactory,
    RegistrationTypeFactory,
)
from tests.registrations.views.test_register import PATH, WISH, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(conference, guest_type):
    """Return a function: a question of the conference."""

    def make(slug, kind="text", text="", **fields):
        row = QuestionFactory(conference=conference, slug=slug, kind=kind, **fields)
        if kind == "consent":
            ConsentText.objects.create(question=row, number=1, text={"en": text or "I agree."})
        return row

    return make


@pytest.fixture
def send(client, guest_type):
    """Return a function: open the form and send it; names of questions as they are in it."""

    def call(key=None, path=PATH, **changes):
        values = {name.replace("__", "-"): value for name, value in changes.items()}
        if key is None:
            key = key_of(client.get(path))
        return client.post(path, {**WISH, "request_key": key, **values})

    return call


def text_of(page):
    return re.sub(r"\s+", " ", page.content.decode())


def said():
    rows = Answer.objects.values_list("question__slug", "option__slug", "text")
    return sorted((slug, option or text) for slug, option, text in rows)


def test_every_kind_has_its_control(client, ask):
    ask("phone")
    ask("about", "long_text")
    ask("number", "number", required=True)
    ask("dinner", "choice", options=["vegan", "fish"], required=True)
    ask("city", "choice", options=[f"c{n}" for n in range(9)])
    ask("shops", "choices", options=["a", "b"])
    ask("first", "yes_no")
    ask("born", "date")
    ask("country", "country")
    ask("cv", "file")
    ask("photos", "consent", text="You may take\npictures.")

    text = text_of(client.get(PATH))

    for control in (
        '<input type="text" name="q-phone" autocomplete="tel" id="id_q-phone">',
        '<textarea name="q-about" cols="40" rows="4" id="id_q-about">',
        'name="q-number" inputmode="decimal" class="short" required',
        '<input type="radio" name="q-dinner" value="vegan"',
        '<select name="q-city" id="id_q-city">',
        '<input type="checkbox" name="q-shops" value="a"',
        '<input type="radio" name="q-first" value="yes"',
        '<input type="date" name="q-born"',
        '<select name="q-country" autocomplete="country"',
        '<option value="RS">Serbia</option>',
        '<input type="file" name="q-cv" accept=".pdf,',
        '<input type="checkbox" name="c-photos" value="1"',
        "You may take<br>pictures.",
        'enctype="multipart/form-data"',
    ):
        assert control in text, control
    assert "questions.js" not in text
    # What may be left open can be taken back.
    assert text.count("No answer") == 1


def test_a_form_without_questions_is_as_light_as_before(client, guest_type):
    text = text_of(client.get(PATH))
    assert "enctype" not in text
    assert "questions.js" not in text


def test_sections_are_fieldsets_in_the_readers_language(client, conference, ask):
    section = QuestionSection.objects.create(
        conference=conference,
        slug="food",
        title={"en": "Food", "sr-Latn": "Hrana"},
        description={"en": "What we cook"},
    )
    ask("motto")
    ask("dinner", section=section, label={"en": "Dinner", "sr-Latn": "Večera"})

    text = text_of(client.get(PATH))
    assert (
        '<fieldset class="fieldset"> <legend>Food</legend> <p class="muted">What we cook</p>'
        in text
    )
    assert text.index("Motto") < text.index("<legend>Food</legend>")
    conference.languages = ["en", "sr-Latn"]
    conference.save()
    other = text_of(client.get(f"{PATH}?lang=sr-Latn"))
    assert "<legend>Hrana</legend>" in other
    assert "Večera" in other


def test_answers_are_stored(send, ask):
    ask("dinner", "choice", options=["vegan", "fish"])
    ask("shops", "choices", options=["a", "b", "c"])
    ask("number", "number")
    ask("food", sensitivity="dietary")
    ask("photos", "consent", required=True)

    answer = send(
        q__dinner="fish", q__shops=["c", "a"], q__number="2,5", q__food="Nuts", c__photos="1"
    )

    row = Registration.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, manage_url(row))
    assert said() == [("dinner", "fish"), ("number", "2.5"), ("shops", "a"), ("shops", "c")]
    assert SensitiveAnswer.objects.get().text == "Nuts"
    assert row.consents.get().withdrawn_at is None


def test_what_is_wrong_is_said_beside_the_question_and_kept(send, ask):
    ask("motto", required=True)
    ask("number", "number", highest=5)
    ask("about", "long_text")
    ask("photos", "consent", required=True)
    ask("news", "consent")

    answer = send(q__number="six", q__about="Only\nhere <b>", c__news="1")

    text = answer.content.decode()
    assert answer.status_code == 400
    assert "3 things need another look." in text
    assert '<a href="#id_q-motto">Motto</a>: This is needed.' in text
    assert '<a href="#id_c-photos">Photos</a>: Without this you can not register.' in text
    assert 'id="id_q-number_error"' in text
    number = re.search(r'<input[^>]*name="q-number"[^>]*>', text)[0]
    assert 'value="six"' in number
    assert 'aria-invalid="true"' in number
    assert 'aria-describedby="id_q-number_error"' in number
    assert "Only\nhere &lt;b&gt;</textarea>" in text
    assert "checked" in re.search(r'<input[^>]*name="c-news"[^>]*>', text)[0]
    assert not Registration.objects.exists()


XSS = [
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("words", XSS)
def test_markup_of_organisers_and_guests_stays_text(send, client, ask, words):
    section = QuestionSection.objects.create(
        conference=ask("a", label={"en": words}, help_text={"en": words}).conference,
        slug="s",
        title={"en": words},
        description={"en": words},
    )
    question = ask("b", "choice", options=["x"], section=section)
    question.options.update(label={"en": words})
    ask("c", "consent", text=words, shown_if=question, shown_if_answers=["x"], required=True)

    for page in (client.get(PATH), send(q__a=words, given_name="")):
        assert b"<script>alert" not in page.content
        assert b"<img src=x" not in page.content
        assert b'"><' + b"script" not in page.content


@pytest.mark.parametrize("words", ["a\r\nBcc: x@example.org", "a\u2028b", "a\u202eb"])
def test_lines_that_break_headers_are_no_answers(send, ask, words):
    ask("motto")
    assert send(q__motto=words).status_code == 400
    assert send(q__motto="a\x00b").status_code == 400
    assert not Registration.objects.exists()


def test_names_of_nobodys_questions_are_passed_over(send, ask, conference):
    ask("motto")
    other = QuestionFactory(slug="other")
    assert other.conference != conference

    answer = send(
        q__motto="x", q__other="y", c__photos="1", status="confirmed", registration="1",
        option="5", question_id="1", parts="x", source="organiser",
    )  # fmt: skip

    assert answer.status_code == 302
    assert said() == [("motto", "x")]
    assert Registration.objects.get().source == "form"


def test_20000_fields_are_refused(client, guest_type):
    answer = client.post(PATH, {**WISH, **{f"q-{n}": "x" for n in range(20_000)}})
    assert answer.status_code == 400
    assert not Registration.objects.exists()


# --- Conditions and types ----------------------------------------------------------------------
def test_a_condition_is_said_and_its_script_is_there(client, ask):
    dinner = ask("dinner", "choice", options=["vegan", "fish"])
    ask("bones", required=True, shown_if=dinner, shown_if_answers=["fish"])

    text = text_of(client.get(PATH))

    assert "Only if you answer “Dinner” with: Fish." in text
    assert 'data-if="q-dinner" data-answers="[&quot;fish&quot;]"' in text
    bones = re.search(r'<input[^>]*name="q-bones"[^>]*>', text)[0]
    assert 'aria-describedby="id_q-bones_rule"' in bones
    assert "required" not in bones
    assert "questions.js" in text


def test_what_is_hidden_is_neither_needed_nor_stored(send, ask):
    dinner = ask("dinner", "choice", options=["vegan", "fish"])
    ask("bones", required=True, shown_if=dinner, shown_if_answers=["fish"])

    assert send(q__dinner="fish").status_code == 400
    assert send(q__dinner="vegan", q__bones="Yes").status_code == 302
    assert said() == [("dinner", "vegan")]


def test_a_type_is_asked_its_own_questions(send, client, conference, ask):
    press = RegistrationTypeFactory(conference=conference, slug="press", name={"en": "Press"})
    staff = RegistrationTypeFactory(conference=conference, slug="staff", public=False)
    ask("medium", required=True).registration_types.add(press)
    ask("shift", required=True).registration_types.add(staff)

    text = text_of(client.get(PATH))
    assert "Only for: Press." in text
    assert 'data-types="press"' in text
    assert "q-shift" not in text
    assert send(registration_type="press").status_code == 400
    assert send(registration_type="guest", q__medium="Daily").status_code == 302
    assert said() == []
    answer = send(registration_type="press", email="b@example.org", q__medium="Daily")
    assert answer.status_code == 302
    assert said() == [("medium", "Daily")]


# --- Places of options -------------------------------------------------------------------------
@pytest.fixture
def fish(conference, ask):
    question = ask("dinner", "choice", options=["vegan", "fish"])
    plate = AllotmentFactory(conference=conference, name="fish", capacity=1)
    question.options.filter(slug="fish").update(allotment=plate)
    return plate


def test_a_full_option_is_shown_and_can_not_be_taken(client, send, fish):
    Allotment.objects.filter(pk=fish.pk).update(taken=1)

    text = text_of(client.get(PATH))
    assert "Fish (full)" in text
    button = re.search(r'<input[^>]*value="fish"[^>]*>', text)[0]
    assert "disabled" in button

    answer = send(q__dinner="fish")
    page = text_of(answer)
    assert answer.status_code == 409
    assert '<a href="#id_q-dinner">Dinner</a>: “Fish” is full.' in page
    assert "Fish (full)" in page
    assert not Registration.objects.exists()


def test_pressing_twice_with_the_last_plate_is_pressing_once(client, send, fish):
    key = key_of(client.get(PATH))

    first, second = (send(key=key, q__dinner="fish") for _ in range(2))

    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert (Registration.objects.count(), said()) == (1, [("dinner", "fish")])


def test_other_answers_under_the_same_key_are_another_request(client, send, ask):
    ask("motto")
    key = key_of(client.get(PATH))
    send(key=key, q__motto="One")
    answer = send(key=key, q__motto="Two")
    assert answer.status_code == 409
    assert said() == [("motto", "One")]


def test_words_that_changed_meanwhile_are_no_agreement(client, send, ask, conference):
    row = ask("photos", "consent", text="Pictures in print.", required=True)
    ask("motto")
    key = key_of(client.get(PATH))
    change_question(
        question=row, changes={"consent_text": {"en": "Films as well."}}, expected=1, actor=SYSTEM
    )

    answer = send(key=key, c__photos="1", q__motto="Typed")
    page = text_of(answer)
    assert (answer.status_code, Registration.objects.count()) == (400, 0)
    assert "These words have changed since you opened the page. Read them again." in page
    assert "Films as well." in page
    assert "Pictures in print." not in page
    assert 'value="Typed"' in page
    box = re.search(r'<input type="checkbox" name="c-photos"[^>]*>', page)[0]
    assert 'value="2"' in box
    assert "checked" not in box

    assert send(key=key, c__photos="2", q__motto="Typed").status_code == 302
    given = ConsentGiven.objects.get().consent_text
    assert (given.number, given.text) == (2, {"en": "Films as well."})


# --- Files -------------------------------------------------------------------------------------
def pdf(name="cv.pdf", content=b"%PDF-1.7"):
    return SimpleUploadedFile(name, content, "text/html")


def test_a_file_is_taken(send, ask):
    ask("cv", "file", required=True)
    assert send().status_code == 400

    assert send(q__cv=pdf()).status_code == 302
    answer = Answer.objects.get()
    assert (answer.file.original_name, answer.file.content_type) == ("cv.pdf", "application/pdf")
    assert answer.file.visibility == "private"
    assert not GuestUpload.objects.filter(used_at=None).exists()


def test_a_file_is_kept_while_something_else_is_put_right(send, ask, client):
    ask("cv", "file", required=True)

    asked = send(q__cv=pdf(), given_name="")
    text = asked.content.decode()
    token = re.search(r'name="f-cv" value="([^"]+)"', text)[1]
    assert asked.status_code == 400
    assert "cv.pdf is here. Choose another file only to replace it." in text

    assert send(f__cv=token).status_code == 302
    assert Answer.objects.get().file.original_name == "cv.pdf"
    again = send(f__cv=token, email="b@example.org")
    assert again.status_code == 400
    # It is another registration's: the form does not name it any more.
    assert 'name="f-cv" value=' not in again.content.decode()
    assert "This file is not here any more. Choose it once more." in again.content.decode()
    assert (Registration.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_kept_file_sent_twice_is_sent_once(send, ask, client):
    ask("cv", "file", required=True)
    key = key_of(client.get(PATH))
    text = send(key=key, q__cv=pdf(), given_name="").content.decode()
    token = re.search(r'name="f-cv" value="([^"]+)"', text)[1]

    first, second = (send(key=key, f__cv=token) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert (Registration.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_pressing_twice_with_a_file_is_pressing_once(send, ask, client):
    ask("cv", "file", required=True)
    key = key_of(client.get(PATH))
    first, second = send(key=key, q__cv=pdf()), send(key=key, q__cv=pdf())
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "Choose a PDF, a PNG or JPEG picture, or a DOCX, ODT or TXT document."),
        (b"", "This file is empty. Choose another one."),
        (b"%PDF-" + b"x" * 5 * 1024 * 1024, "A file may have 5 MB. Choose a smaller one."),
    ],
)
def test_a_file_that_is_not_taken_is_said_once_beside_its_question(send, ask, content, sentence):
    ask("cv", "file", required=True)
    answer = send(q__cv=pdf(content=content), position="Only here")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert text.count(f"<li>{sentence}</li>") == 1
    assert "One thing needs another look." in text
    assert 'value="Only here"' in text
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("token", ["1-x", "1", "x" * 500, "../../x", "1-"])
def test_a_token_of_somebodys_own_making_is_no_file(send, ask, token):
    ask("cv", "file")
    assert send(f__cv=token).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_much_is_asked(
    client, ask, guest_type, count, django_assert_num_queries
):
    for number in range(count):
        ask(f"dinner-{number}", "choice", options=["a", "b"])
        ask(f"consent-{number}", "consent")
    client.get(PATH)
    with django_assert_num_queries(13):  # nine, and four for the form
        client.get(PATH)
