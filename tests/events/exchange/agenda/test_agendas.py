"""Agendas as people write them, each told whole."""

# ruff: noqa: E501 - agendas have long lines

from __future__ import annotations

from tests.events.exchange.agenda.telling import marked, programme, told

A_CONFERENCE_OF_TWO_DAYS = """\
International Conference “Energy Security in the Western Balkans”
Belgrade, 12–13 March 2025
Hotel Metropol Palace

DAY 1 – Wednesday, 12 March

08:30 – 09:00 Registration of participants and welcome coffee

9 – 9.30 h Welcome remarks
• H.E. Marco Rossi, Head of the EU Delegation to Serbia (tbc)
• Amb. Lars Lunde, OSCE Mission to Serbia
• Dr. Igor Igrić, Director, PCB

9.30–10.00 Keynote address: H.E. Stevan Stević, President of the Chamber of Commerce of Serbia

10:00 – 11:30
PANEL I
“Gas, Grids and Geopolitics: Who Holds the Switch?”
Chair: Jelena Jelić (Centre for Atlantic Studies)
Speakers:
1. Ursula von der Aue-Marković, Professor, Faculty of Economics, University of Belgrade
2. Petar PETROVIĆ, Ministry of Mining and Energy
3. TBA
4. Tanja Tanić – Minister for European Integration (to be confirmed)
Discussant: Ivan J. Vuković, IWM
Rapporteur: Ana Anić
Chatham House Rule

11:30 Coffee break

12:00–13:00 Parallel sessions
12:00–13:00 Workshop A: Reading a balance sheet (Sala 1)
Trainer: Milena Jovanović, PhD
12:00–13:00 Workshop B: Talking to the press (Sala 2)
Trainers: Marko Marković (FPN), Jovana Jovanović (BIRN) and Ivana Ivić (CINS)

13:00 – 14:00 Lunch, Restaurant Foyer

2:00 – 3:30 pm Panel II: The Road Ahead
Moderated by Sonja Sonjić, Peace Committee
Panelists: Ana Anić; Boris Borić, energy analyst; Ceca Cecić, journalist at Vreme

15:30-16:00 Q&A [closed session]

19:30 Dinner (by invitation only)

DAY 2 – Thursday, 13 March

10h00 Fireside chat with Amb. Lars Lunde
11h30 – Closing remarks by Igor Igrić
"""


def test_a_conference_of_two_days():
    assert told(A_CONFERENCE_OF_TWO_DAYS, language="en") == [
        "12 08:30-09:00 break | Registration of participants and welcome coffee",
        "12 09:00-09:30 opening_remarks | Welcome remarks",
        "  opening_remarks?: H.E. Marco /Rossi/ | Head of the EU Delegation to Serbia | ",
        "  opening_remarks: Amb. Lars /Lunde/ |  | OSCE Mission to Serbia",
        "  opening_remarks: Dr. Igor /Igrić/ | Director | PCB",
        "12 09:30-10:00 keynote | Keynote address",
        "  keynote: H.E. Stevan /Stević/ | President of the Chamber of Commerce of Serbia | ",
        "12 10:00-11:30 panel | Gas, Grids and Geopolitics: Who Holds the Switch? #chatham_house",
        "  moderator: Jelena /Jelić/ |  | Centre for Atlantic Studies",
        "  panellist: Ursula /von der Aue-Marković/ | Professor | Faculty of Economics, University of Belgrade",
        "  panellist: Petar /PETROVIĆ/ |  | Ministry of Mining and Energy",
        "  panellist?: Tanja /Tanić/ | Minister for European Integration | ",
        "  discussant: Ivan J. /Vuković/ |  | IWM",
        "  rapporteur: Ana /Anić/ |  | ",
        "12 11:30-12:00 break | Coffee break",
        "12 12:00-13:00 presentation | Parallel sessions",
        "12 12:00-13:00 workshop | Reading a balance sheet @ Sala 1",
        "  presenter: Dr Milena /Jovanović/ |  | ",
        "12 12:00-13:00 workshop | Talking to the press @ Sala 2",
        "  presenter: Marko /Marković/ |  | FPN",
        "  presenter: Jovana /Jovanović/ |  | BIRN",
        "  presenter: Ivana /Ivić/ |  | CINS",
        "12 13:00-14:00 break | Lunch @ Restaurant Foyer",
        "12 14:00-15:30 panel | The Road Ahead",
        "  moderator: Sonja /Sonjić/ |  | Peace Committee",
        "  panellist: Ana /Anić/ |  | ",
        "  panellist: Boris /Borić/ | energy analyst | ",
        "  panellist: Ceca /Cecić/ | journalist | Vreme",
        "12 15:30-16:00 discussion | Q&A #closed",
        "12 19:30-20:30 reception | Dinner (by invitation only)",
        "13 10:00-11:30 discussion | Fireside chat",
        "  panellist: Amb. Lars /Lunde/ |  | OSCE Mission to Serbia",
        "13 11:30-11:45 opening_remarks | Closing remarks",
        "  opening_remarks: Dr. Igor /Igrić/ | Director | PCB",
    ]
    assert marked(A_CONFERENCE_OF_TWO_DAYS) == [
        (3, "skipped", ""),
        (23, "skipped", "name"),
        (31, "unsure", "kind"),
        (33, "unsure", "name"),
        (45, "unsure", "time"),
        (50, "unsure", "time"),
    ]


A_ROUND_TABLE_IN_CYRILLIC = """\
ДНЕВНИ РЕД

Округли сто „Безбедност и грађани“
Понедељак, 3. март 2025. године
Сала: Медија центар, Теразије 3

10:30 – 11:00 | Регистрација учесника
11:00 – 11:15 | Уводна обраћања
Г. Предраг Предић, ЦМП
Госпођа Маја Мајић, виша истраживачица, ЦМП
11:15 – 12:45 | Панел дискусија: Ко чува чуваре?
Модератор: мр Иван Ивановић
Панелисти:
• др Сања Сањић, Факултет безбедности
• Весна Весић-Петровић, новинарка, НИН
• Представник Министарства унутрашњих послова (у најави)
12:45 – 13:00 | Дискусија и питања
13:00 | Ручак
"""


def test_a_round_table_in_cyrillic():
    assert told(A_ROUND_TABLE_IN_CYRILLIC, language="sr-Cyrl") == [
        "03 10:30-11:00 break | Регистрација учесника @ Медија центар, Теразије 3",
        "03 11:00-11:15 opening_remarks | Уводна обраћања @ Медија центар, Теразије 3",
        "  opening_remarks: Г. Предраг /Предић/ |  | ЦМП",
        "  opening_remarks: Госпођа Маја /Мајић/ | виша истраживачица | ЦМП",
        "03 11:15-12:45 panel | Ко чува чуваре? @ Медија центар, Теразије 3",
        "  moderator: мр Иван /Ивановић/ |  | ",
        "  panellist: др Сања /Сањић/ |  | Факултет безбедности",
        "  panellist: Весна /Весић-Петровић/ | новинарка | НИН",
        "03 12:45-13:00 discussion | Дискусија и питања @ Медија центар, Теразије 3",
        "03 13:00-13:20 break | Ручак @ Медија центар, Теразије 3",
    ]
    assert marked(A_ROUND_TABLE_IN_CYRILLIC) == [
        (16, "skipped", "name"),
        (18, "unsure", "time"),
    ]


A_MARKDOWN_TABLE = """\
| Time | Session | Speakers | Room |
|------|---------|----------|------|
| **09:00–09:30** | Registration | | Foyer |
| 09:30–10:30 | *Keynote:* Democracy under pressure | Prof. Florian Bauer, University of Graz | Main Hall |
| 10:30–12:00 | Panel 1: Media capture | Moderator: Ana Anić (BIRN)<br>Petar Perić, Editor, Danas<br>Mira Mirić, NUNS (tbc) | Main Hall |
| 10:30–12:00 | Workshop: Podcasting | Ivo Ivić | Room 2 |
| 12:00 | Lunch | | |
"""


def test_a_markdown_table():
    assert told(A_MARKDOWN_TABLE, language="en") == [
        "20 09:00-09:30 break | Registration @ Foyer",
        "20 09:30-10:30 keynote | Democracy under pressure @ Main Hall",
        "  keynote: Prof. Florian /Bauer/ |  | University of Graz",
        "20 10:30-12:00 panel | Media capture @ Main Hall",
        "  moderator: Ana /Anić/ |  | BIRN",
        "  panellist: Petar /Perić/ | Editor | Danas",
        "  panellist?: Mira /Mirić/ |  | NUNS",
        "20 10:30-12:00 workshop | Podcasting @ Room 2",
        "  presenter: Ivo /Ivić/ |  | ",
        "20 12:00-12:20 break | Lunch",
    ]
    assert marked(A_MARKDOWN_TABLE) == [
        (7, "unsure", "time"),
    ]


A_TABLE_OUT_OF_A_WORD_PROCESSOR = """\
Vreme\tAktivnost\tGovornici
10:00-10:15\tUvodna reč\tdr Ana Anić, direktorka, CMP
10:15-11:00\tPredstavljanje studije „Policija i poverenje“\tPetar Perić, istraživač, CMP
\tModeratorka: Mira Mirić\t
11:00-11:30\tPitanja i odgovori\t
"""


def test_a_table_out_of_a_word_processor():
    assert told(A_TABLE_OUT_OF_A_WORD_PROCESSOR, language="sr-Latn") == [
        "20 10:00-10:15 opening_remarks | Uvodna reč",
        "  opening_remarks: dr Ana /Anić/ | direktorka | CMP",
        "20 10:15-11:00 presentation | Policija i poverenje",
        "  presenter: Petar /Perić/ | istraživač | CMP",
        "  moderator: Mira /Mirić/ |  | ",
        "20 11:00-11:30 discussion | Pitanja i odgovori",
    ]
    assert marked(A_TABLE_OUT_OF_A_WORD_PROCESSOR) == []


HEADINGS_AND_HALF_DAYS = """\
# Regional Security Forum

## Thursday 20/02/2025

### 9:00 Opening

Opening remarks: Ana Anić, President, Forum

### 9:30 Panel: Arms control
Panelists: Ana Anić, Boris Borić, Ceca Cecić and Dejan Dejić
Moderator: Ema Emić, Evropski pokret u Srbiji

### 11:00 Break

### 1:30 Presentation of the report "A longer title
that goes on in a second line"
Speaker: Filip Filipović – Policy Officer – European Commission

Language: Serbian
This session will be recorded.

### 3:00 CANCELLED: Site visit
### 3:30 Panel "Who pays"
Gordana Gordić, moderator
Hana Hanić, panellist, NATO
Ivo Ivić
Minister of Defence

Contact: office@example.org
"""


def test_headings_and_half_days():
    assert told(HEADINGS_AND_HALF_DAYS, language="en") == [
        "20 09:00-09:30 opening_remarks | Opening",
        "  opening_remarks: Ana /Anić/ | President | Forum",
        "20 09:30-11:00 panel | Arms control",
        "  panellist: Ana /Anić/ | President | Forum",
        "  panellist: Boris /Borić/ |  | ",
        "  panellist: Ceca /Cecić/ |  | ",
        "  panellist: Dejan /Dejić/ |  | ",
        "  moderator: Ema /Emić/ |  | Evropski pokret u Srbiji",
        "20 11:00-13:30 break | Break",
        "20 13:30-15:00 presentation | A longer title that goes on in a second line (sr-Latn) recorded",
        "  presenter: Filip /Filipović/ | Policy Officer | European Commission",
        "20 15:00-15:30 presentation | Site visit cancelled",
        "20 15:30-17:00 panel | Who pays",
        "  moderator: Gordana /Gordić/ |  | ",
        "  panellist: Hana /Hanić/ |  | NATO",
        "  panellist: Ivo /Ivić/ | Minister of Defence | ",
    ]
    assert marked(HEADINGS_AND_HALF_DAYS) == [
        (15, "unsure", "time"),
        (22, "unsure", "kind"),
        (22, "unsure", "time"),
        (23, "unsure", "time"),
        (23, "unsure", "time"),
        (29, "skipped", ""),
    ]


TIMES_BELOW_TITLES = """\
Radionica: Otvoreni podaci
Datum: 5. mart 2025.
Vreme: 10:00 – 14:00
Mesto: Sala 2

PANEL 1: STANJE U REGIONU
10:00 – 11:00
Moderira: Ana Anić
Govore:
Boris Borić
direktor, Centar za evropske politike
Ceca Cecić
profesorka, Pravni fakultet Univerziteta u Beogradu

Pauza (11:00–11:15)

PANEL 2: ŠTA DALJE
11:15 – 12:30
Govornici: Dejan Dejić (FPN), Ema Emić (BIRN) i Filip Filipović (CRTA)

12:30 h Zaključci
u 13h ručak
"""


def test_times_below_titles():
    assert told(TIMES_BELOW_TITLES, language="sr-Latn") == [
        "05 10:00-11:00 panel | STANJE U REGIONU @ Sala 2",
        "  moderator: Ana /Anić/ |  | ",
        "  panellist: Boris /Borić/ | direktor | Centar za evropske politike",
        "  panellist: Ceca /Cecić/ | profesorka | Pravni fakultet Univerziteta u Beogradu",
        "05 11:00-11:15 break | Pauza @ Sala 2",
        "05 11:15-12:30 panel | ŠTA DALJE @ Sala 2",
        "  panellist: Dejan /Dejić/ |  | FPN",
        "  panellist: Ema /Emić/ |  | BIRN",
        "  panellist: Filip /Filipović/ |  | CRTA",
        "05 12:30-13:00 opening_remarks | Zaključci @ Sala 2",
        "05 13:00-14:00 break | ručak @ Sala 2",
    ]
    assert marked(TIMES_BELOW_TITLES) == []


MILITARY_AND_AMERICAN_TIMES = """\
Draft programme

Day 1 (20 February)
0900-0930 Registration
0930h Welcome by the Dean, Prof Jane Smart
10:00 am - 11:30 am | Panel session 1 – Borders
Ms. Anna-Maria El-Sayed, Deputy Head of Unit, DG NEAR, European Commission
Mr John Smith MP
Dr. J. R. R. Tailor (Oxford), discussant
María García y López, Universidad de Sevilla, TBC
11:30 am Coffee
12 pm Keynote
The state of the Union
Prof. Timothy Green Oak (University of Oxford)
1 pm Lunch (60 min)

Day 2 (21 February)
10:00 Roundtable "Next steps" – Room 12
Facilitator: tbc
"""


def test_military_and_american_times():
    assert told(MILITARY_AND_AMERICAN_TIMES, language="en") == [
        "20 09:00-09:30 break | Registration",
        "20 09:30-10:00 opening_remarks | Welcome by the Dean, Prof Jane Smart",
        "20 10:00-11:30 panel | Borders",
        "  panellist: Ms. Anna-Maria /El-Sayed/ | Deputy Head of Unit | DG NEAR, European Commission",
        "  panellist: Mr John /Smith/ | MP | ",
        "  discussant: Dr. J. R. R. /Tailor/ |  | Oxford",
        "  panellist?: María /García y López/ |  | Universidad de Sevilla",
        "20 11:30-12:00 break | Coffee",
        "20 12:00-13:00 keynote | The state of the Union",
        "  keynote: Prof. Timothy Green /Oak/ |  | University of Oxford",
        "20 13:00-14:00 break | Lunch",
        "21 10:00-11:30 panel | Next steps @ Room 12",
    ]
    assert marked(MILITARY_AND_AMERICAN_TIMES) == [
        (5, "unsure", "name"),
        (9, "unsure", "affiliation"),
        (10, "unsure", "affiliation"),
        (14, "unsure", "name"),
        (18, "unsure", "time"),
        (19, "skipped", "name"),
    ]


A_SERBIAN_PROGRAMME_WITH_UVODNICARI = """\
PROGRAM

Okrugli sto „Ko odlučuje o bezbednosti?“
utorak, 4. mart 2025, 10–13 časova
Mesto održavanja: Medija centar

10.00 Registracija
10.15 – 10.30 Pozdravne reči
\t•\tNj.E. Anke Krause, ambasadorka SR Nemačke u Srbiji
\t•\tBojan Bojić, zamenik direktora CMP-a
10.30 Uvodničari:
dr Katarina Đurić, SIPRI
Vuk Vukić, viši istraživač, CMP (bpv)
Moderacija: Maja Majić
Nakon izlaganja sledi razgovor sa učesnicima o tome šta građani očekuju od sektora bezbednosti.
11.30 pauza
11.45 Diskusija
12.45 Zaključci i preporuke – dr Katarina Đurić
"""


def test_a_serbian_programme_with_uvodnicari():
    assert told(A_SERBIAN_PROGRAMME_WITH_UVODNICARI, language="sr-Latn") == [
        "04 10:00-10:15 break | Registracija",
        "04 10:15-10:30 opening_remarks | Pozdravne reči",
        "  opening_remarks: Nj.E. Anke /Krause/ | ambasadorka SR Nemačke u Srbiji | ",
        "  opening_remarks: Bojan /Bojić/ | zamenik direktora CMP-a | ",
        "04 10:30-11:30 panel | Panel",
        "  panellist: dr Katarina /Đurić/ |  | SIPRI",
        "  panellist?: Vuk /Vukić/ | viši istraživač | CMP",
        "  moderator: Maja /Majić/ |  | ",
        "  ~ Nakon izlaganja sledi razgovor sa učesnicima o tome šta građani očekuju od sektora bezbednosti.",
        "04 11:30-11:45 break | pauza",
        "04 11:45-12:45 discussion | Diskusija",
        "04 12:45-13:00 opening_remarks | Zaključci i preporuke",
        "  opening_remarks: dr Katarina /Đurić/ |  | SIPRI",
    ]
    assert marked(A_SERBIAN_PROGRAMME_WITH_UVODNICARI) == [
        (5, "skipped", "room"),
        (11, "unsure", "title"),
    ]


TALKS_BY_ONE_PERSON_AND_A_NIGHT = """\
Friday 7 March
10:00-10:20 Ana Anić: Why borders move
10:20-10:40 Boris Borić (NATO): "Deterrence by denial"
10:40-11:00 The long road home – Ceca Cecić
11:00 PANEL III. EUROPE'S CHOICE (Chatham House Rule)
Moderator Dejan Dejić, BIRN
with Ema Emić, Filip Filipović
12:00 Discussion moderated by Ana Anić
23:30 Late drinks, Bar Galerija
00:30 End
Saturday
Panel: Security after the war, 10:00–11:30
Gordana Gordić (invited), Hana Hanić (confirmed)
"""


def test_talks_by_one_person_and_a_night():
    assert told(TALKS_BY_ONE_PERSON_AND_A_NIGHT, language="en") == [
        "07 10:00-10:20 presentation | Why borders move",
        "  presenter: Ana /Anić/ |  | ",
        "07 10:20-10:40 presentation | Deterrence by denial",
        "  presenter: Boris /Borić/ |  | NATO",
        "07 10:40-11:00 presentation | The long road home",
        "  presenter: Ceca /Cecić/ |  | ",
        "07 11:00-12:00 panel | EUROPE'S CHOICE #chatham_house",
        "  moderator: Dejan /Dejić/ |  | BIRN",
        "  panellist: Ema /Emić/ |  | ",
        "  panellist: Filip /Filipović/ |  | ",
        "07 12:00-12:45 discussion | Discussion",
        "  moderator: Ana /Anić/ |  | ",
        "07 23:30-00:30 reception | Late drinks, Bar Galerija",
        "08 10:00-11:30 panel | Security after the war",
        "  panellist?: Gordana /Gordić/ |  | ",
        "  panellist: Hana /Hanić/ |  | ",
    ]
    assert marked(TALKS_BY_ONE_PERSON_AND_A_NIGHT) == [
        (2, "unsure", "name"),
        (4, "unsure", "name"),
        (8, "unsure", "time"),
    ]


AN_AGENDA_WITHOUT_TIMES = """\
Forum of Neighbours
10th June 2025, Peace House, Belgrade
Opening:
Ana Anić, President of the Board, Institute of Public Affairs (IPA)
Keynote speeches:
Boris Borić, Minister of Information, Culture and Sport, Republic of Peace
Panel I – What do neighbours owe each other?
Ceca Cecić, Deputy Director, Peace Network (online)
Dejan Dejić Chief Prosecutor of the High Court
Moderator: Ema Emić, Institute of Public Affairs
"""


def test_an_agenda_without_times():
    assert told(AN_AGENDA_WITHOUT_TIMES, language="en") == [
        "- opening_remarks | Opening",
        "  opening_remarks: Ana /Anić/ | President of the Board | Institute of Public Affairs (IPA)",
        "- keynote | Keynote speeches",
        "  keynote: Boris /Borić/ | Minister of Information, Culture and Sport | Republic of Peace",
        "- panel | What do neighbours owe each other?",
        "  panellist: Ceca /Cecić/ | Deputy Director | Peace Network",
        "  panellist: Dejan /Dejić/ | Chief Prosecutor of the High Court | ",
        "  moderator: Ema /Emić/ |  | Institute of Public Affairs",
    ]
    assert marked(AN_AGENDA_WITHOUT_TIMES) == [
        (2, "skipped", ""),
        (3, "unsure", "time"),
        (5, "unsure", "time"),
        (7, "unsure", "time"),
        (8, "skipped", ""),
    ]


NAMES_WITH_BRACKETS_BELOW = """\
Date: Monday, March 24, 2025, 12:30-18:50
Venue: Magnolia Hall, Grand Hotel, 2F (Main Street 3)
Registration deadline: Monday, March 10

12:30-12:45pm Opening

Ana Anić

(Executive Director, Fund for Peace)

Boris Borić

(Assistant Professor, University of Niš)

12:45-2:00pm

“Contemporary Art and
its Neighbours”
(Presentation & Q&A)

Dr. Ceca Cecić
(Curator, Museum of Art)
Key speech by Ms Dora Dorić, Minister of Culture (tbc)

2:15-3:00pm Session II: Next steps

The region has changed a great deal over the last ten years, and so have we.

  • Ema Emić, Acting Director-General, Directorate-General for Neighbourhood (DGN), Union of Peace (video message)
  • ten researchers
At 18.00 a bus leaves from the hotel for the dinner.
"""


def test_names_with_brackets_below():
    assert told(NAMES_WITH_BRACKETS_BELOW, language="en") == [
        "24 12:30-12:45 opening_remarks | Opening @ Magnolia Hall, Grand Hotel, 2F (Main Street 3)",
        "  opening_remarks: Ana /Anić/ | Executive Director | Fund for Peace",
        "  opening_remarks: Boris /Borić/ | Assistant Professor | University of Niš",
        "24 12:45-14:00 presentation | Contemporary Art and its Neighbours @ Magnolia Hall, Grand Hotel, 2F (Main Street 3)",
        "  presenter: Dr. Ceca /Cecić/ | Curator | Museum of Art",
        "  keynote?: Ms Dora /Dorić/ | Minister of Culture | ",
        "24 14:15-15:00 presentation | Next steps @ Magnolia Hall, Grand Hotel, 2F (Main Street 3)",
        "  presenter: Ema /Emić/ | Acting Director-General | Directorate-General for Neighbourhood (DGN), Union of Peace",
        "  ~ The region has changed a great deal over the last ten years, and so have we.",
        "  ~ - ten researchers",
        "  ~ At 18.00 a bus leaves from the hotel for the dinner.",
    ]
    assert marked(NAMES_WITH_BRACKETS_BELOW) == [
        (3, "skipped", ""),
        (15, "unsure", "kind"),
        (29, "skipped", ""),
    ]


PARTS_OF_A_SESSION_AND_A_CANCELLED_ONE = """\
09.30-10.00 Pozdravni govor:
Ana Anić, predsednica Skupštine
Otvaranje konferencije:
Boris Borić, šef Delegacije EU
10.00.-11.00
Panel 1. / Godina posle
Učesnici:
Ceca Cecić, sekretarka za razvoj, saradnju i lokalnu samoupravu
Dejan Dejić, Partner & CEO, Mreža Sever Jug
Moderator:
Ema Emić, RTV
Pauza 15 minuta
11.15 Otkazano: Radionica o budžetu (45 min), Sala: 2
Dan 2
Sreda, 26.03.2025.
9h Radionica „Javni novac“, sala 3
Trener: Filip Filipović, stručnjak za budžet
Jezik: engleski
Prezentacija: https://example.org/budzet.pdf
Ova sesija je zatvorena za javnost.
"""


def test_parts_of_a_session_and_a_cancelled_one():
    assert told(PARTS_OF_A_SESSION_AND_A_CANCELLED_ONE, language="sr-Latn") == [
        "20 09:30-10:00 opening_remarks | Pozdravni govor",
        "  opening_remarks: Ana /Anić/ | predsednica Skupštine | ",
        "  opening_remarks: Boris /Borić/ | šef Delegacije EU | ",
        "20 10:00-11:00 panel | Godina posle",
        "  panellist: Ceca /Cecić/ | sekretarka za razvoj, saradnju i lokalnu samoupravu | ",
        "  panellist: Dejan /Dejić/ | Partner & CEO | Mreža Sever Jug",
        "  moderator: Ema /Emić/ |  | RTV",
        "20 11:00-11:15 break | Pauza",
        "20 11:15-12:00 workshop | Radionica o budžetu @ Sala: 2 cancelled",
        "26 09:00-10:30 workshop | Javni novac @ sala 3 #closed (en)",
        "  presenter: Filip /Filipović/ | stručnjak za budžet | ",
        "  -> Prezentacija: https://example.org/budzet.pdf",
    ]
    assert marked(PARTS_OF_A_SESSION_AND_A_CANCELLED_ONE) == [
        (12, "unsure", "time"),
        (16, "unsure", "time"),
    ]


A_TABLE_WITH_A_COLUMN_FOR_EACH_THING = """\
| Početak | Kraj | Vrsta | Naslov | Moderator | Učesnici | Sala |
|---|---|---|---|---|---|---|
| 10:00 | 10:30 | Predavanje | Novac i mir | | Ana Anić (CMP) | Sala 1 |
| 10:30 | 12:00 | Panel | Ko plaća | Boris Borić | Ceca Cecić, NIN<br>Dejan Dejić, RTV | Sala 2 |
| | | | Tema: porezi | | Ema Emić, PCB | |
"""


def test_a_table_with_a_column_for_each_thing():
    assert told(A_TABLE_WITH_A_COLUMN_FOR_EACH_THING, language="sr-Latn") == [
        "20 10:00-10:30 presentation | Novac i mir @ Sala 1",
        "  presenter: Ana /Anić/ |  | CMP",
        "20 10:30-12:00 panel | Ko plaća @ Sala 2",
        "  moderator: Boris /Borić/ |  | ",
        "  panellist: Ceca /Cecić/ |  | NIN",
        "  panellist: Dejan /Dejić/ |  | RTV",
        "  panellist: Ema /Emić/ |  | PCB",
        "  ~ porezi",
    ]
    assert marked(A_TABLE_WITH_A_COLUMN_FOR_EACH_THING) == []


MUCH_THAT_IS_DOUBTFUL = """\
Institute for Peace
Neighbours and Money
Grand Hall, First Street 1
Tuesday, 20 February 2025

14.00 - 14.45\tRegistration\t(Lecture hall 23)
Track: Money
Morning session Old Times\tLecture hall 41\tSession chair: Ana Anić
15.00-15.20\tBoris Borić\tHow money was made
15.20 - 15.10\tDiscussion
11:30 Panel: Late again

03/04/2025
10:00 Panel discussion
Topic: "Who pays"
Duration: 45 min
Museum of Money
This session follows the Chatham House Rule as agreed.
11:00 Keynote (in English) [on the record]
Title: Money talks
Speaker: Ceca Cecić (30 min)
11:30 Debate (closed) (recorded) (TBC)
12:00 Lunch (cancelled)
1:00 Drinks (Bar)
https://example.org/live
CANCELLED
14:00-13:00 Talk
"""


def test_much_that_is_doubtful():
    assert told(MUCH_THAT_IS_DOUBTFUL, language="en") == [
        "20 14:00-14:45 break | Registration @ Lecture hall 23",
        "- presentation | Old Times @ Lecture hall 41 ^ Money",
        "  moderator: Ana /Anić/ |  | ",
        "20 15:00-15:20 presentation | How money was made @ Grand Hall, First Street 1 ^ Money",
        "  presenter: Boris /Borić/ |  | ",
        "20 15:20-16:05 discussion | Discussion @ Grand Hall, First Street 1 ^ Money",
        "20 11:30-13:00 panel | Late again @ Grand Hall, First Street 1 ^ Money",
        "03 10:00-10:45 panel | Who pays @ Grand Hall, First Street 1 #chatham_house",
        "  ~ Museum of Money",
        "  ~ This session follows the Chatham House Rule as agreed.",
        "03 11:00-11:30 keynote | Money talks @ Grand Hall, First Street 1 #on_the_record (en)",
        "  keynote 30 min: Ceca /Cecić/ |  | ",
        "03 11:30-12:00 discussion | Debate @ Grand Hall, First Street 1 #closed recorded",
        "03 12:00-13:00 break | Lunch @ Grand Hall, First Street 1 cancelled",
        "03 13:00-14:00 reception | Drinks @ Bar cancelled",
        "  -> Drinks: https://example.org/live",
        "03 14:00-14:30 presentation | Talk @ Grand Hall, First Street 1",
    ]
    assert marked(MUCH_THAT_IS_DOUBTFUL) == [
        (3, "unsure", "room"),
        (4, "unsure", "time"),
        (8, "unsure", "kind"),
        (8, "unsure", "time"),
        (10, "unsure", "time"),
        (10, "unsure", "time"),
        (11, "unsure", "time"),
        (11, "unsure", "time"),
        (13, "unsure", "time"),
        (18, "unsure", "attribution"),
        (22, "unsure", "title"),
        (24, "unsure", "time"),
        (27, "unsure", "time"),
        (27, "unsure", "time"),
    ]


def test_marks_say_in_a_sentence_what_is_doubtful():
    text = "10:00 Meeting\nMeet us\n11:00–11:30 Panel\nPanellists:\nAna Anić, Vreme\nTBA\n"
    assert [(mark.line, mark.field, mark.sentence) for mark in programme(text).marks] == [
        (1, "kind", "Is this a session of the kind “Presentation”?"),
        (5, "affiliation", "Is “Vreme” an organisation or a position?"),
        (6, "name", "Somebody is still to be named here; nobody was added."),
    ]


def test_an_empty_text_has_no_sessions():
    assert told(" \n\t\n") == []
    assert marked(" \n\t\n") == []
