"""Agendas pasted as text: mails, word processors and web pages, in English and Serbian."""

from events.exchange.agenda.agenda import read

__all__ = ["read"]
