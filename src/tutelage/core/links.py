"""Absolute addresses, for what leaves the pages: mails, calendars, the API."""

from uuid import UUID

from django.conf import settings


def absolute(path: str) -> str:
    """The address of a path of ours, as people outside have to call it."""
    return f"{settings.BASE_URL}{path}"


def session_page(session_id: UUID) -> str:
    return absolute(f"/sessions/{session_id}")


def personal_link(token: str) -> str:
    return absolute(f"/j/{token}")


def mentorship_page(mentorship_id: UUID) -> str:
    return absolute(f"/mentorships/{mentorship_id}")
