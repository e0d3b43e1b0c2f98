"""The search, written anew while everything runs."""

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from tutelage.domain.sessions.queries import count_logs
from tutelage.domain.sessions.services.searching import index_all


def rebuild() -> str:
    """Batch by batch, each in a transaction of its own; killed in between, nothing is lost."""
    console, number = Console(stderr=True), 0
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("Writing the search", total=count_logs())
        for batch in index_all():
            number += batch
            bar.advance(task, batch)
    return f"{number} sessions can be found by the words of their logs."
