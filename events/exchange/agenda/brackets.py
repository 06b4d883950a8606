"""Brackets in a line, and parting it where no bracket is open."""

from __future__ import annotations

_OPENING, _CLOSING = "([{", ")]}"


def brackets(text: str) -> tuple[str, list[str]]:
    """Return a text without what stands in brackets, and that."""
    if not any(ch in text for ch in _OPENING):
        return text, []
    outer: list[str] = []
    inner: list[str] = []
    inners: list[str] = []
    depth = 0
    for ch in text:
        if ch in _OPENING:
            depth += 1
            if depth == 1:
                continue
        elif ch in _CLOSING and depth:
            depth -= 1
            if not depth:
                inners.append("".join(inner).strip())
                inner = []
                outer.append(" ")
                continue
        (inner if depth else outer).append(ch)
    if depth:
        outer.append("".join(inner))
    return " ".join("".join(outer).split()).replace(" ,", ","), [i for i in inners if i]


def pieces_of(text: str, separators: str) -> list[str]:
    """Part a text at separators that stand in no bracket."""
    out: list[str] = []
    current: list[str] = []
    depth = 0
    for ch in text:
        if ch in _OPENING:
            depth += 1
        elif ch in _CLOSING:
            depth = max(0, depth - 1)
        if ch in separators and not depth:
            out.append("".join(current))
            current = []
        else:
            current.append(ch)
    out.append("".join(current))
    return out
