"""What sessions are found by: the words of their logs, and what others call them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from tutelage.core.search import WordsField
from tutelage.domain.sessions.models.sessions import Session


class SessionSearch(models.Model):
    """What a session is found by, beside it: in its row each change would write the words again.

    Follows from the log and can be written anew at any time.
    """

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    starts_at = models.DateTimeField()
    words = WordsField()

    class Meta:
        db_table = "session_search"
        indexes = (
            GinIndex(fields=["words"], fastupdate=False, name="session_search_words"),
            models.Index(fields=["-starts_at", "-session"], name="session_search_newest"),
        )


def mark_of_person(person_id: int) -> str:
    """Stands among the words of each session of a person; nobody can type it."""
    return f"~{person_id}"


class ExternalRef(models.Model):
    """How a foreign source names a session, so that the same file again changes nothing."""

    source = models.CharField(max_length=100, db_collation="C")
    uid = models.CharField(max_length=255, db_collation="C")
    recurrence_id = models.CharField(max_length=64, blank=True, db_collation="C")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="external_refs")

    class Meta:
        db_table = "external_ref"
        constraints = (
            models.UniqueConstraint(
                fields=["source", "uid", "recurrence_id"], name="external_ref_once"
            ),
        )
