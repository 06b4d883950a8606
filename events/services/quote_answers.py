"""Asking somebody whether they may be quoted, and their answer, whoever gives it and however."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.enums import AnsweredVia
from core.errors import DomainError, invalid
from core.services.versions import raise_version
from core.text import full_name
from events import validators as v
from events.enums import Attribution, ConferenceState, QuoteState
from events.models import Conference, Quote
from events.services.attribution import attribution_of
from events.services.quotes import MAX_QUOTE, forget_answer, load_quote, note, tell
from events.services.writing import assign, save_root

_S = QuoteState
APPROVE: Final = "approve"
OTHER_WORDS: Final = "words"
REFUSE: Final = "refuse"
ANSWERS: Final = (APPROVE, OTHER_WORDS, REFUSE)
# How a member of the team learns of an answer that they record.
RECORDED_VIA: Final = (AnsweredVia.PHONE, AnsweredVia.MAIL, AnsweredVia.IN_PERSON)
# Who holds the link may change their mind as long as the words are these.
OPEN: Final = (_S.ASKED, _S.PROPOSED, _S.APPROVED, _S.REFUSED)
_ANSWER: Final[Mapping[str, v.Cleaner]] = {
    "answered_via": v.choice(AnsweredVia),
    "answered_name": v.line(200),
    "comment": v.paragraphs(2000),
    "proposal": v.texts(MAX_QUOTE, lines=True),
}


@transaction.atomic
def ask_quote(*, quote: Quote, expected: int | None, actor: Actor) -> Quote:
    """Ask who is quoted for their approval of these words: by a mail with a link of their own, to
    the assistant where there is one. Who has not answered is asked again.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when there is an answer, no address is known, the
            session is closed or the conference is cancelled.
    """
    root, outcome, row = load_quote(quote, expected)
    name = _name(row)
    if root.state == ConferenceState.CANCELLED:
        raise DomainError("wrong-state", "The conference is cancelled: nobody was asked.")
    _refuse_closed(row, root)
    if row.state not in {_S.DRAFT, _S.ASKED}:
        raise DomainError("wrong-state", f"{name} has answered already.")
    if not row.person.email and not row.person.assistants.exists():
        raise DomainError(
            "wrong-state",
            f"No mail address of {name} is known, nor of an assistant. Nobody was asked: add an "
            "address, or ask by phone and record the answer.",
        )
    before = row.state
    changed = assign(row, {"state": _S.ASKED, "asked_at": timezone.now()})
    save_root(row, changed, expected)
    raise_version(outcome)
    note("ask_quote", row, actor, changed=["state"], facts={"from": before, "to": row.state})
    tell(row, "asked")
    return row


@transaction.atomic
def answer_quote(  # noqa: PLR0913 - all that an answer can say
    *,
    quote: Quote,
    answer: str,
    via: str,
    actor: Actor,
    expected: int | None,
    answered_name: str = "",
    by_name: bool = False,
    proposal: Mapping[str, str] | None = None,
    comment: str = "",
    by_quoted: bool = False,
) -> Quote:
    """Write down what somebody says to a quote of theirs. An approval is of these very words.

    Arguments:
        answer: ``approve``; ``words``: they approve others, which an organiser takes over;
            ``refuse``: it is not to be shown.
        via: an AnsweredVia.
        expected: the version of the words that they have read.
        answered_name: who gave the answer, when it was not the person.
        by_name: where the Chatham House Rule holds, whether it may all the same be said that it was
            them; everywhere else an approval is one by name.
        by_quoted: whether the person or their assistant answers, by the link.

    Raises:
        DomainError: ``stale`` when the words are others by now; ``validation-failed``;
            ``wrong-state`` when nobody was asked, or the session is closed.
    """
    given = {"answered_via": via, "answered_name": answered_name, "comment": comment}
    values = v.clean({**given, "proposal": proposal or {}}, _ANSWER)
    if answer not in ANSWERS:
        raise invalid("/answer", "choice", f"Choose one of {', '.join(ANSWERS)}.")
    root, outcome, row = load_quote(quote, expected)
    if by_quoted and row.state not in OPEN:
        raise DomainError(
            "wrong-state", _("These words are being worked on. You will get a letter.")
        )
    rule = _refuse_closed(row, root)
    before = row.state
    words = _other_words(row, values.pop("proposal")) if answer == OTHER_WORDS else {}
    if answer == OTHER_WORDS and not words:
        answer = APPROVE
    state = {APPROVE: _S.APPROVED, OTHER_WORDS: _S.PROPOSED, REFUSE: _S.REFUSED}[answer]
    named = rule == Attribution.ON_THE_RECORD or by_name
    values |= {"state": state, "proposal": words, "by_name": named}
    changed = assign(row, {**values, "answered_at": timezone.now()})
    save_root(row, changed, expected)
    raise_version(outcome)
    facts = {"from": before, "to": row.state, "via": row.answered_via}
    note("answer_quote", row, actor, changed=["state"], facts=facts)
    tell(row, "answered")
    return row


@transaction.atomic
def accept_proposal(*, quote: Quote, expected: int | None, actor: Actor) -> Quote:
    """Take over the words that the person proposed, which are approved thereby.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when they have proposed none.
    """
    root, outcome, row = load_quote(quote, expected)
    if row.state != _S.PROPOSED:
        raise DomainError("wrong-state", "No other words are proposed.")
    _refuse_closed(row, root)
    changed = assign(row, {"text": {**row.text, **row.proposal}, "state": _S.APPROVED})
    changed += assign(row, {"proposal": {}})
    save_root(row, changed, expected)
    raise_version(outcome)
    facts = {"from": str(_S.PROPOSED), "to": str(row.state)}
    note("accept_proposal", row, actor, changed=["state", "text"], facts=facts)
    return row


@transaction.atomic
def withdraw_quote(*, quote: Quote, expected: int | None, actor: Actor) -> Quote:
    """Let nobody be asked about a quote, nor see it, for now; its words stay in the editor.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when nobody was asked and nothing was answered.
    """
    _root, outcome, row = load_quote(quote, expected)
    before = row.state
    if before == _S.DRAFT:
        raise DomainError("wrong-state", "Nobody was asked about this quote.")
    changed = forget_answer(row)
    save_root(row, changed, expected)
    raise_version(outcome)
    note("withdraw_quote", row, actor, changed=["state"], facts={"from": before, "to": row.state})
    tell(row, "taken_back")
    return row


@transaction.atomic
def revoke_quote_link(*, quote: Quote, expected: int | None, actor: Actor) -> Quote:
    """Make the link that somebody was sent open nothing; the next mail has a new one.

    A mail that waits with the former link is taken back.

    Raises:
        DomainError: ``stale``, ``not-found``.
    """
    _root, outcome, row = load_quote(quote, expected)
    row.link_generation += 1
    save_root(row, ["link_generation"], expected)
    raise_version(outcome)
    note("revoke_quote_link", row, actor)
    tell(row, "taken_back")
    return row


def _other_words(row: Quote, proposal: Mapping[str, str]) -> dict[str, str]:
    """Return the proposed words, in all languages of the quote; nothing where they are the same."""
    words = {tag: proposal.get(tag) or text for tag, text in row.text.items()}
    return {} if words == row.text else words


def _refuse_closed(row: Quote, conference: Conference) -> Attribution:
    rule = attribution_of(conference, row.person, row.session)
    if rule == Attribution.CLOSED:
        raise DomainError(
            "wrong-state", _("This was said in a closed session, so it is not quoted.")
        )
    return rule


def _name(row: Quote) -> str:
    return full_name(row.person.given_name, row.person.family_name)
