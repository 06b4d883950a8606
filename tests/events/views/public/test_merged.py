"""The code of a speaker who turned out to be another one leads to that one."""

from __future__ import annotations

from core.actors import SYSTEM
from events.services.merging import merge_people, undo_merge
from tests.events.views.reading import PAGE, get, text_of
from tests.factories.events import PersonFactory


def test_a_former_code_leads_to_the_person_of_today(stage, client_as):
    kept = PersonFactory(
        organisation=stage.conference.organisation, code="KEPT22", family_name="<b>Ilić</b>"
    )
    merge = merge_people(kept=kept, gone=stage.people["Petar"], actor=SYSTEM)
    answer = get(client_as, f"{PAGE}speakers/PETAR2/?lang=en")
    assert (answer.status_code, answer["Location"]) == (
        301,
        f"{PAGE}speakers/KEPT22/?lang=en",
    )
    page = get(client_as, answer["Location"])
    assert "&lt;b&gt;Ilić&lt;/b&gt;" in page.content.decode()
    assert "Who drinks first" in text_of(page)
    assert get(client_as, f"{PAGE}speakers/NNBDY2/").status_code == 404
    assert get(client_as, "/nowhere/open-forum/speakers/PETAR2/").status_code == 404
    undo_merge(merge=merge, actor=SYSTEM)
    assert get(client_as, f"{PAGE}speakers/PETAR2/").status_code == 200
    assert get(client_as, f"{PAGE}speakers/KEPT22/").status_code == 404


def test_who_is_in_no_programme_has_no_page_under_either_code(stage, client_as):
    kept, gone = PersonFactory.create_batch(2, organisation=stage.conference.organisation)
    merge_people(kept=kept, gone=gone, actor=SYSTEM)
    assert get(client_as, f"{PAGE}speakers/{gone.code}/").status_code == 404
