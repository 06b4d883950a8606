"""Whole mails: what each kind says in each language, and what comes along."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from notifications.services.mail_facts import forget
from notifications.services.rendering import RenderingError, render
from notifications.services.texts import LANGUAGES, load, templates
from notifications.services.unsubscribing import list_headers, unsubscribe_url
from registrations.services.links import manage_url
from scripts.serbian import to_latin
from tests.notifications.mailroom import OF_INVITATIONS, OF_SPEAKERS

pytestmark = pytest.mark.django_db

SUBJECTS = {
    "announcement": ("Rivers and borders", "Reke i granice", "Реки и границы"),
    "confirmation": (
        "Your place is confirmed: Rivers and borders",
        "Vaše mesto je potvrđeno: Reke i granice",
        "Ваше место подтверждено: Реки и границы",
    ),
    "pending": (
        "We have received your registration: Rivers and borders",
        "Primili smo Vašu prijavu: Reke i granice",
        "Мы получили Вашу заявку: Реки и границы",
    ),
    "waiting_list": (
        "You are on the waiting list: Rivers and borders",
        "Nalazite se na listi čekanja: Reke i granice",
        "Вы в листе ожидания: Реки и границы",
    ),
    "cancellation": (
        "Your registration is cancelled: Rivers and borders",
        "Vaša prijava je otkazana: Reke i granice",
        "Ваша регистрация отменена: Реки и границы",
    ),
    "rejection": (
        "Your registration for Rivers and borders",
        "Vaša prijava za događaj „Reke i granice“",
        "Ваша заявка на мероприятие «Реки и границы»",
    ),
    "manage_link": (
        "Your personal link: Rivers and borders",
        "Vaš lični link: Reke i granice",
        "Ваша личная ссылка: Реки и границы",
    ),
    "changed_time": (
        "New time: Rivers and borders, 18 March, 10:00",
        "Novi termin: Reke i granice, 18. mart u 10:00",
        "Новое время: Реки и границы, 18 марта, 10:00",
    ),
    "conference_cancelled": (
        "Cancelled: Rivers and borders, 18 March",
        "Otkazano: Reke i granice, 18. mart",
        "Отменено: Реки и границы, 18 марта",
    ),
    "reminder": (
        "Thursday, 18 March, 10:00: Rivers and borders",
        "Četvrtak, 18. mart, u 10:00: Reke i granice",
        "Четверг, 18 марта, 10:00: Реки и границы",
    ),
    "practical": (
        "Before you come: Rivers and borders, 18 March",
        "Pre dolaska: Reke i granice, 18. mart",
        "Перед началом: Реки и границы, 18 марта",
    ),
    "briefing": (
        "You speak on Thursday, 18 March, 10:00: Rivers and borders",
        "Govorite u četvrtak, 18. marta, u 10:00: Reke i granice",
        "Вы выступаете в четверг, 18 марта, 10:00: Реки и границы",
    ),
    "thanks": (
        "Thank you: Rivers and borders",
        "Hvala Vam: Reke i granice",
        "Благодарим Вас: Реки и границы",
    ),
    "nudge": (
        "May we expect you on Thursday, 18 March? Rivers and borders",
        "Možemo li da Vas očekujemo u četvrtak, 18. marta? Reke i granice",
        "Ждать ли нам Вас в четверг, 18 марта? Реки и границы",
    ),
    "speakers_needs": (
        "What we still need from you: Rivers and borders",
        "Šta nam još treba od Vas: Reke i granice",
        "Что нам ещё нужно от Вас: Реки и границы",
    ),
    "find_us": (
        "Today, 10:00: how to find us",
        "Danas, u 10:00: kako da nas nađete",
        "Сегодня, 10:00: как нас найти",
    ),
    "missed_you": (
        "Sorry that we missed you: Rivers and borders",
        "Žao nam je što niste došli: Reke i granice",
        "Жаль, что Вас не было: Реки и границы",
    ),
    "outcome": (
        "What came of it: Rivers and borders",
        "Šta je iz toga proizašlo: Reke i granice",
        "Что получилось: Реки и границы",
    ),
    "new_date": (
        "New date, please confirm: Rivers and borders, 18 March",
        "Novi datum, molimo potvrdite: Reke i granice, 18. mart",
        "Новая дата, просим подтвердить: Реки и границы, 18 марта",
    ),
    "postponed": (
        "Postponed: Rivers and borders",
        "Odloženo: Reke i granice",
        "Отложено: Реки и границы",
    ),
    "offer": (
        "A place is free for you: Rivers and borders",
        "Slobodno je mesto za Vas: Reke i granice",
        "Для Вас есть место: Реки и границы",
    ),
    "offer_expired": (
        "The place has gone to the next person: Rivers and borders",
        "Mesto je dobio sledeći na listi: Reke i granice",
        "Место перешло к следующему: Реки и границы",
    ),
    "still_coming": (
        "Are you still coming? Rivers and borders, 18 March",
        "Da li i dalje dolazite? Reke i granice, 18. mart",
        "Вы ещё планируете прийти? Реки и границы, 18 марта",
    ),
    "place_released": (
        "Your place has gone to others: Rivers and borders",
        "Vaše mesto je dobio neko drugi: Reke i granice",
        "Ваше место перешло к другому: Реки и границы",
    ),
    "substituted": (
        "Your place goes to somebody else: Rivers and borders",
        "Vaše mesto dobija neko drugi: Reke i granice",
        "Ваше место перешло к другому человеку: Реки и границы",
    ),
    "invitation_moved": (
        "New time: Rivers and borders, 18 March, 10:00",
        "Novi termin: Reke i granice, 18. mart u 10:00",
        "Новое время: Реки и границы, 18 марта, 10:00",
    ),
    "invitation_postponed": (
        "Postponed: Rivers and borders",
        "Odloženo: Reke i granice",
        "Отложено: Реки и границы",
    ),
    "invitation_cancelled": (
        "Cancelled: Rivers and borders, 18 March",
        "Otkazano: Reke i granice, 18. mart",
        "Отменено: Реки и границы, 18 марта",
    ),
}
REMINDERS = {
    "en": """\
See you on Thursday, 18 March

Dear Ana Petrović,

Rivers and borders begins on Thursday, 18 March at 10:00.

When: Thursday, 18 March 2027, 10:00–13:30 (Belgrade)
Doors: from 09:30
Where: Old Post Office
  Knez Mihailova 1, 11000 Belgrade
Entrance: Through the yard
Who speaks: Jean O’Brien, Jr., Editor, The River (opening remarks)
  Prof. Dr. Radina Vasić, University of Belgrade (moderator)
Quoting: On the record: what is said may be quoted by name.
  Who owns a river – Chatham House Rule: you are free to use what you hear, but not to reveal who \
said it, where they work or who else was there.
Questions: Mila Jović, desk@example.org, +381 11 555 0100

If you cannot come, give your place back ({link}cancel/), so that somebody else can have it. \
You get no further reminder then.

—
Institute for Testing
You get this mail because you are registered for Rivers and borders.
""",
    "sr-Latn": """\
Vidimo se u četvrtak, 18. marta

Dobar dan, Ana Petrović,

događaj „Reke i granice“ počinje u četvrtak, 18. marta, u 10:00.

Kada: Četvrtak, 18. mart 2027, 10:00–13:30 (Beograd)
Okupljanje: od 09:30
Gde: Stara pošta
  Knez Mihailova 1, 11000 Belgrade
Ulaz: Kroz dvorište
Govore: Jean O’Brien, Jr., Editor, The River (pozdravna reč)
  Prof. Dr. Radina Vasić, University of Belgrade (moderira)
Citiranje: Izrečeno se može citirati uz ime govornika.
  Čija je reka – Važi pravilo Četam hausa: ono što čujete možete da koristite, ali ne i da \
otkrijete ko je to rekao, gde radi i ko je još prisustvovao.
Pitanja: Mila Jović, desk@example.org, +381 11 555 0100

Ako ne možete da dođete, oslobodite svoje mesto ({link}cancel/) kako bi ga dobio neko drugi. \
Posle toga Vam više nećemo slati podsetnike.

—
Institute for Testing
Ovu poruku ste dobili jer ste prijavljeni za događaj „Reke i granice“.
""",
    "sr-Cyrl": """\
Видимо се у четвртак, 18. марта

Добар дан, Ana Petrović,

догађај „Реке и границе“ почиње у четвртак, 18. марта, у 10:00.

Када: Четвртак, 18. март 2027, 10:00–13:30 (Београд)
Окупљање: од 09:30
Где: Стара пошта
  Knez Mihailova 1, 11000 Belgrade
Улаз: Кроз двориште
Говоре: Jean O’Brien, Jr., Editor, The River (поздравна реч)
  Prof. Dr. Radina Vasić, University of Belgrade (модерира)
Цитирање: Изречено се може цитирати уз име говорника.
  Чија је река – Важи правило Четам хауса: оно што чујете можете да користите, али не и да \
откријете ко је то рекао, где ради и ко је још присуствовао.
Питања: Mila Jović, desk@example.org, +381 11 555 0100

Ако не можете да дођете, ослободите своје место ({link}cancel/) како би га добио неко други. \
После тога Вам више нећемо слати подсетнике.

—
Institute for Testing
Ову поруку сте добили јер сте пријављени за догађај „Реке и границе“.
""",
    "ru": """\
До встречи в четверг, 18 марта

Здравствуйте, Ana Petrović.

«Реки и границы» — начало в четверг, 18 марта, в 10:00.

Когда: Четверг, 18 марта 2027 г., 10:00–13:30 (Белград)
Сбор гостей: с 09:30
Где: Старая почта
  Knez Mihailova 1, 11000 Belgrade
Вход: Через двор
Выступают: Jean O’Brien, Jr., Editor, The River (вступительное слово)
  Prof. Dr. Radina Vasić, University of Belgrade (модератор)
Цитирование: Сказанное можно цитировать с указанием имени.
  Чья это река – Действует правило Чатем-Хаус: услышанное можно использовать, но нельзя \
раскрывать, кто это сказал, где он работает и кто ещё присутствовал.
Вопросы: Mila Jović, desk@example.org, +381 11 555 0100

Если Вы не сможете прийти, откажитесь от места ({link}cancel/): его займёт кто-то другой. \
После этого напоминания больше не придут.

—
Institute for Testing
Вы получили это письмо, потому что зарегистрированы на мероприятие «Реки и границы».
""",
}
# A line of the plain text by which each mail is known, and the calendar method that comes along.
CLAIMS = {
    "confirmation": "Your place at Rivers and borders is confirmed.",
    "pending": "Until then you do not have a place yet.",
    "waiting_list": "You are on the waiting list, which is kept in the order of registration.",
    "announcement": "Dear Ana Petrović,",
    "cancellation": "Your registration for Rivers and borders is cancelled.",
    "rejection": "We are sorry that we cannot offer you a place this time.",
    "manage_link": "Your registration: confirmed",
    "changed_time": "Rivers and borders has a new time: it begins on Thursday, 18 March at 10:00.",
    "conference_cancelled": "Rivers and borders will not take place.",
    "reminder": "Rivers and borders begins on Thursday, 18 March at 10:00.",
    "practical": "How to get there: Bus 24",
    "briefing": "Thank you for being part of Rivers and borders.",
    "thanks": "Thank you for your part in Rivers and borders.",
    "nudge": "We have not heard from you yet about Rivers and borders.",
    "speakers_needs": "Is something not possible, or not right? Write to desk@example.org.",
    "find_us": "How to get there: Bus 24",
    "missed_you": "Your place at Rivers and borders stayed empty.",
    "outcome": "The page about the outcome of Rivers and borders is published",
    "new_date": "Please confirm that you can come on the new one",
    "postponed": "Your registration is kept, and there is nothing that you need to do.",
    "offer": "A place at Rivers and borders has become free, and you are next in line.",
    "offer_expired": "so it has gone to the next person in line.",
    "still_coming": "and your place is kept. Tell us whether you still come, by Thursday, 18 March",
    "place_released": "Your ticket opens the door no more.",
    "substituted": "Your place at Rivers and borders is Ana Petrović’s now.",
    "invitation_moved": "Your invitation is kept.",
    "invitation_postponed": "Your invitation is kept, and there is nothing that you need to do.",
    "invitation_cancelled": "to which we invited you, will not take place.",
}
# What these say, test_speaker_mail, test_programme_mail and test_quote_mail say.
OF_THE_PROGRAMME = (*OF_SPEAKERS, "programme_changed", "quote_ask")
METHODS = {
    "confirmation": "PUBLISH",
    "changed_time": "PUBLISH",
    "new_date": "PUBLISH",
    "cancellation": "CANCEL",
    "conference_cancelled": "CANCEL",
    "place_released": "CANCEL",
    "substituted": "CANCEL",
}


def test_every_text_stands_in_every_language_with_the_same_facts_and_button():
    assert templates() == tuple(sorted([*SUBJECTS, *OF_INVITATIONS, *OF_THE_PROGRAMME]))
    for template in templates():
        forms = {
            (text.facts, text.button_url, len(text.blocks), len(text.after), bool(text.lead))
            for text in (load(template, language) for language in LANGUAGES)
        }
        assert len(forms) == 1, template


@pytest.mark.parametrize("template", sorted(SUBJECTS))
def test_subjects_say_what_it_is_about_in_the_readers_language(room, template):
    found = tuple(render(room.message(template, tag)).subject for tag in ("en", "sr-Latn", "ru"))
    assert found == SUBJECTS[template]


def without_keys(text):
    """Return a mail's text without the key of its own in the link that stops mails like it."""
    return re.sub(r"(?<=/u/)[\w-]+", "…", text)


@pytest.mark.parametrize("template", sorted(SUBJECTS))
def test_a_mail_in_serbian_says_the_same_in_both_scripts(room, template):
    """Read in Latin, the mail in Cyrillic is the other one: subject, dates, places and all."""
    latin, cyrillic = (
        render(room.message(template, tag, person=room.moderator)) for tag in ("sr-Latn", "sr-Cyrl")
    )
    assert to_latin(cyrillic.subject) == latin.subject
    assert without_keys(to_latin(cyrillic.text)) == without_keys(latin.text)
    assert cyrillic.subject != latin.subject
    assert cyrillic.headers["Content-Language"] == "sr-Cyrl"


STOP = {
    "en": "Stop mails like this one",
    "sr-Latn": "Ne želim više ovakve poruke",
    "sr-Cyrl": "Не желим више овакве поруке",
    "ru": "Больше не получать таких писем",
}


def stop_lines(message):
    """Return the last lines of a mail that its reader can opt out of."""
    return f"{STOP[message.language]}:\n{unsubscribe_url(message)}\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_says_day_place_speakers_and_how_to_give_the_place_back(room, language):
    message = room.message("reminder", language)
    mail = render(message)
    text = REMINDERS[language].format(link=manage_url(room.registration))
    assert mail.text == text + stop_lines(message)
    assert mail.attachments == ()


@pytest.mark.parametrize("template", sorted(SUBJECTS))
def test_each_mail_makes_its_claim_in_both_forms_and_brings_its_parts(room, template):
    columns = {"person": room.moderator} if template == "briefing" else {}
    if template in ("postponed", "invitation_postponed"):
        columns["facts"] = {"former_start": "2027-03-17T10:00", "former_end": "2027-03-17T13:30"}
    message = room.message(template, **columns)
    mail = render(message)
    assert CLAIMS[template] in mail.text
    parts = [(part.name, part.content_type, part.content_id) for part in mail.attachments]
    expected = []
    if template == "confirmation":
        expected.append(("ticket.png", "image/png", "ticket@lectern"))
    if template in METHODS:
        method = METHODS[template]
        expected.append(("invite.ics", f"text/calendar; method={method}; charset=UTF-8", None))
    assert parts == expected
    assert ("cid:ticket@lectern" in mail.html) == (template == "confirmation")
    assert mail.headers == {
        **({"Auto-Submitted": "auto-generated"} if message.kind != "announcement" else {}),
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": "en",
        **(
            list_headers(message, unsubscribe_url(message))
            if message.kind in {"reminder", "announcement"}
            else {}
        ),
    }
    assert mail.reply_to == "desk@example.org"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(SUBJECTS))
def test_html_asks_nobody_for_anything_and_stays_small(room, template, language):
    html = render(room.message(template, language)).html
    assert len(html.encode()) < 20_000
    assert f'<html lang="{language}"' in html
    assert not re.search(r"xPH\d\dx", html)
    assert "⟦" not in html
    for loads in ("src=", "url(", "@import", "<link", "<script", "srcset", "background="):
        assert loads not in html.replace('src="cid:ticket@lectern"', "")
    assert html.count("<h1") == 1
    # The rules of the layout stand at the elements; only rules for dark mode and phones are left.
    assert "<td style" in html.replace(' class="mail-body"', "")
    head = html.partition("<style>")[2].partition("</style>")[0]
    assert head.split("{")[0].strip().startswith("@media")


def test_links_and_buttons_have_the_colour_of_the_host(room):
    room.conference.organisation.accent = "#ffdd00"
    room.conference.organisation.save()
    html = render(room.message("confirmation", "en")).html
    assert "#0b5d5e" not in html
    assert "#5cc2be" not in html
    assert 'bgcolor="#7a6907"' in html
    assert "color: #ffdd00 !important" in html


def test_a_conference_without_details_leaves_their_rows_and_paragraphs_out(room):
    conference = room.conference
    conference.conference_venues.all().delete()
    conference.schedule_versions.all().delete()
    conference.doors_local = None
    conference.contact_name = conference.contact_phone = ""
    conference.organisation.contact_email = ""
    forget()
    message = room.message("reminder")
    assert render(message).text == (
        "See you on Thursday, 18 March\n\n"
        "Dear Ana Petrović,\n\n"
        "Rivers and borders begins on Thursday, 18 March at 10:00.\n\n"
        "When: Thursday, 18 March 2027, 10:00–13:30 (Belgrade)\n\n"
        f"If you cannot come, give your place back ({manage_url(room.registration)}cancel/), so "
        "that somebody else can have it. You get no further reminder then.\n\n"
        "—\nInstitute for Testing\n"
        "You get this mail because you are registered for Rivers and borders.\n"
        f"{stop_lines(message)}"
    )
    mail = render(room.message("cancellation"))
    assert "write to" not in mail.text
    assert mail.reply_to == ""


def test_a_reminder_about_one_session_is_about_that_session(room):
    occurrence = f"session:{room.panel.code}@2027-03-18T10:15"
    mail = render(room.message("reminder", occurrence=occurrence))
    assert mail.subject == "Thursday, 18 March, 10:15: Who owns a river"
    for words in (
        "It is part of Rivers and borders.",
        "When: Thursday, 18 March 2027, 10:15–12:00 (Belgrade)",
        "Where: Hall\n  Old Post Office\n  Knez Mihailova 1, 11000 Belgrade",
        "Who speaks: Prof. Dr. Radina Vasić, University of Belgrade (moderator)\n  Jean O’Brien",
        "Quoting: Chatham House Rule",
    ):
        assert words in mail.text
    assert "Doors" not in mail.text


def test_a_speaker_reads_the_own_sessions_and_gives_no_place_back_by_a_button(room):
    room.registration.registration_type.kind = "speaker"
    mail = render(room.message("briefing", person=room.moderator))
    assert "You speak in: 10:15–12:00, Who owns a river (moderator), Hall\n" in mail.text
    reminder = render(room.message("reminder", person=room.moderator))
    assert "Give back" not in reminder.text
    assert manage_url(room.registration) not in reminder.text


def test_speakers_stand_in_the_readers_script_where_they_have_a_name_in_it(room):
    room.moderator.names_by_script = {"Cyrl": {"given_name": "Радина", "family_name": "Васић"}}
    room.moderator.save()
    forget()
    said = {tag: render(room.message("reminder", tag)).text for tag in LANGUAGES}
    in_cyrillic = {tag for tag, text in said.items() if "Prof. Dr. Радина Васић, Univ" in text}
    in_latin = {tag for tag, text in said.items() if "Prof. Dr. Radina Vasić, Univ" in text}
    assert (in_cyrillic, in_latin) == ({"sr-Cyrl", "ru"}, {"en", "sr-Latn"})


def test_who_waits_is_not_told_to_have_a_place(room):
    room.registration.status = "waiting_list"
    mail = render(room.message("reminder"))
    assert "You do not have a place yet. Your registration: on the waiting list.\n" in mail.text
    assert "Give back" not in mail.text


def test_a_typed_salutation_greets_in_its_language_only(room):
    room.moderator.salutation = {"en": "Your Excellency", "ru": "Ваше Превосходительство"}
    message = room.message("reminder", registration=None, person=room.moderator)
    assert "\n\nYour Excellency,\n\n" in render(message).text
    message.language = "ru"
    assert "\n\nВаше Превосходительство!\n\n" in render(message).text
    message.language = "sr-Latn"
    assert "\n\nDobar dan, Ana Petrović,\n\n" in render(message).text
    message.to_name = ""
    assert "\n\nDobar dan,\n\n" in render(message).text


def test_a_new_time_names_the_former_one(room):
    facts = {"former_start": "2027-03-17T10:00", "former_end": "2027-03-17T13:30"}
    mail = render(room.message("changed_time", facts=facts))
    assert "Announced before: Wednesday, 17 March 2027, 10:00–13:30 (Belgrade)." in mail.text
    facts = {"former_start": "2027-03-17T10:00", "former_time_zone": "America/New_York"}
    mail = render(room.message("changed_time", "sr-Latn", facts=facts))
    assert "Ranije objavljeni termin: sreda, 17. mart 2027, 10:00 (Njujork)." in mail.text


def test_neither_a_day_nor_a_number_breaks_over_two_lines(room):
    facts = {"former_start": "2027-03-17T10:00", "former_end": "2027-03-17T13:30"}
    mail = render(room.message("changed_time", facts=facts))
    assert "Wednesday, 17&nbsp;March 2027" in mail.html
    assert ">+381&nbsp;11&nbsp;555&nbsp;0100</a>" in mail.html
    assert "\xa0" not in mail.text
    room.invitation.reply_until_local = dt.datetime(2027, 3, 10, 18)
    room.invitation.reply_until_at = dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)
    mail = render(room.message("invitation", "sr-Latn"))
    assert "rok za odgovor je 10.&nbsp;mart" in mail.html


def test_several_days_and_many_speakers_are_said_shortly(room):
    from core.actors import SYSTEM
    from events.services.schedules import publish_schedule
    from tests.factories.events import ParticipationFactory

    for number in range(15):
        ParticipationFactory(session=room.panel, order=5 + number, person__given_name="Iva")
    publish_schedule(conference=room.conference, name="Second", actor=SYSTEM)
    room.conference.refresh_from_db()
    room.conference.end_local = dt.datetime(2027, 3, 19, 17, 0)
    forget()
    mail = render(room.message("reminder"))
    when = "When: Thursday, 18 March 2027, 10:00 – Friday, 19 March 2027, 17:00 (Belgrade)\n"
    assert when in mail.text
    assert mail.text.count("Iva Petrović") == 10
    assert "\n  and 5 more on the programme page\n" in mail.text


def test_an_online_conference_says_how_to_join(room):
    room.conference.mode = "online"
    room.conference.online_note = {"en": "The link follows on the day before."}
    forget()
    text = render(room.message("reminder", occurrence="start@2027-03-18T10:00")).text
    assert "Where: Online\nOnline: The link follows on the day before.\n" in text
    room.conference.mode = "hybrid"
    forget()
    text = render(room.message("reminder")).text
    assert "Where: Old Post Office\n" in text
    assert "Online: The link follows on the day before.\n" in text


def test_thanks_lead_to_the_outcome_once_it_is_published(room):
    from django.utils import timezone

    from tests.factories.events import OutcomeFactory

    outcome = OutcomeFactory(conference=room.conference)
    assert "/outcome/" not in render(room.message("thanks")).text
    outcome.published_at = timezone.now()
    outcome.save()
    forget()
    assert "(http://testserver/institute/forum/outcome/)" in render(room.message("thanks")).text


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        *(("sr-Cyrl", "sr-Cyrl"), ("sr-Cyrl-RS", "sr-Cyrl"), ("sr-cyrl-me", "sr-Cyrl")),
        *(("sr", "sr-Latn"), ("sr-RS", "sr-Latn"), ("sr-Latn-RS", "sr-Latn")),
        *(("en-GB", "en"), ("ru-RU", "ru"), ("de", "en"), ("", "en")),
    ],
)
def test_readers_of_other_languages_get_the_nearest_text(room, tag, language):
    assert render(room.message("reminder", tag)).headers["Content-Language"] == language


def test_a_move_a_title_and_a_new_time_show_at_once(room):
    render(room.message("reminder"))
    room.conference.start_local = dt.datetime(2027, 3, 25, 11, 0)
    room.conference.end_local = dt.datetime(2027, 3, 25, 13, 0)
    room.conference.version += 1
    subject = render(room.message("reminder")).subject
    assert subject == "Thursday, 25 March, 11:00: Rivers and borders"


def test_a_thousand_mails_of_one_conference_read_it_once(room, django_assert_num_queries):
    message = room.message("reminder")
    render(message)
    with django_assert_num_queries(0):
        for _ in range(20):
            render(message)


def test_what_cannot_be_rendered_says_so_in_a_sentence(room):
    with pytest.raises(RenderingError, match="registration that this mail is about no longer"):
        render(room.message("confirmation", registration=None))
    message = room.message("reminder")
    message.template = "../../../etc/passwd"
    with pytest.raises(RenderingError, match="There is no text called"):
        render(message)
    message.template = "weather"
    with pytest.raises(RenderingError, match="There is no text called “weather”"):
        render(message)
    message = room.message("changed_time", facts={"former_start": "yesterday"})
    with pytest.raises(RenderingError, match=r"\(ValueError\); its facts are not in order"):
        render(message)
    room.conference.time_zone = "Mars/Olympus"
    forget()
    with pytest.raises(RenderingError, match="its facts are not in order"):
        render(room.message("reminder"))


def test_a_place_never_confirmed_leaves_no_calendar_entry_behind(room):
    room.registration.confirmed_at = None
    assert render(room.message("cancellation")).attachments == ()
