"""Collects the style sheets, scripts and pictures, when they are not what they were."""

from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from tutelage import ops
from tutelage.config.home import Home


def collect(home: Home) -> None:
    """Collect what changed. The note is written last, so a try that was cut short is repeated."""
    home.make()
    note = home.running / "static.sum"
    state = _fingerprint()
    if note.exists() and note.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    note.write_text(state)


def _fingerprint() -> str:
    seen = sha256(f"{ops.__file__} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            changed = storage.get_modified_time(name).timestamp()
            seen.update(f"{name} {storage.size(name)} {changed}\n".encode())
    return seen.hexdigest()
