"""What follows from other rows, kept so that it need not be looked for at each reading."""

from django.db import models

from tutelage.domain.programs.models import Mentorship


class PairFacts(models.Model):
    """What the sessions of a pair show, without the time at which it is asked.

    True as long as the journal tells of no session of the pair behind the place that has been
    read, and not beyond `changes_at`: then a seal opens. Can be written anew at any time.
    """

    pair = models.OneToOneField(
        Mentorship, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    held_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    planned_until = models.DateTimeField(null=True)
    first_end = models.DateTimeField(null=True)
    is_falling = models.BooleanField()
    changes_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pair_facts"
        indexes = (
            models.Index(
                fields=["changes_at"],
                condition=models.Q(changes_at__isnull=False),
                name="pair_facts_that_change",
            ),
        )
