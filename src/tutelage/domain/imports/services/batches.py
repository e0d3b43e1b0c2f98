"""Taking a file that waits, to change what is said of it."""

from django.utils.translation import gettext as _

from tutelage.core.errors import Conflict, Stale
from tutelage.domain.imports.lifecycle import BatchState
from tutelage.domain.imports.models import ImportBatch


class NotStaged(Conflict):
    code = "import_not_staged"


def take_staged(key: int, *, seen_version: int | None) -> ImportBatch:
    """Lock a file that was not imported yet, as it was seen."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("by").get(pk=key)
    require_staged(batch, seen_version=seen_version)
    return batch


def require_staged(batch: ImportBatch, *, seen_version: int | None) -> None:
    if batch.state != BatchState.STAGED:
        raise NotStaged(
            _("This import was started already. To import again, upload the file again.")
        )
    if seen_version is not None and batch.version != seen_version:
        raise Stale(_("Somebody else changed this import since. Look at it again."))
