"""Builds `.venv` from the locks, by hash. It runs on the machine's own Python, before all else.

Called as: python3 requirements/install.py base|dev

Nothing is done when the locks are as they were. A try that was cut short is seen by its mark, and
built anew: half a package would otherwise pass for a whole one.
"""

import fcntl
import importlib.util
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
VENV: Final = ROOT / ".venv"
LOCKS: Final = ROOT / "requirements"
UNFINISHED: Final = VENV / ".unfinished"
OLDEST: Final = (3, 11)


def main(wanted: str) -> None:
    VENV.mkdir(exist_ok=True)
    with (VENV / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two at once, the second finds it done
        if not is_current(wanted):
            check_python()
            build(wanted)


def is_current(wanted: str) -> bool:
    """Everything for development holds everything for use as well."""
    if UNFINISHED.exists() or not (VENV / "bin" / "python").exists():
        return False
    names = ("base", "dev") if wanted == "base" else ("dev",)
    return any(note(name).exists() and note(name).read_text() == state(name) for name in names)


def build(wanted: str) -> None:
    uv = installer()
    if UNFINISHED.exists() or not (VENV / "bin" / "python").exists():
        for left in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
            remove(VENV / left)
        run(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV))
    UNFINISHED.touch()
    for name in ("base", "dev"):
        note(name).unlink(missing_ok=True)
    print(f"Installing what requirements/{wanted}.lock names.", flush=True)
    lock = str(LOCKS / f"{wanted}.lock")
    python = ("--python", str(VENV / "bin" / "python"))
    run(uv, "pip", "sync", "--quiet", "--require-hashes", *python, lock)
    ourselves = ("--no-build-isolation", "--no-deps", "--editable", str(ROOT))
    run(uv, "pip", "install", "--quiet", *python, *ourselves)
    run(python[1], "-m", "tutelage.config.catalogues")
    note(wanted).write_text(state(wanted))
    UNFINISHED.unlink()


def installer() -> str:
    """The pinned uv, brought by pip into a folder of its own that appears whole or not at all."""
    pinned = LOCKS / "uv.lock"
    folder = VENV / f".uv-{sha256(pinned.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        draft = VENV / ".uv-draft"
        remove(draft)
        run(sys.executable, "-m", "venv", str(draft / "pip"))
        pip = (str(draft / "pip" / "bin" / "python"), "-m", "pip", "install", "--quiet")
        options = ("--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:")
        run(*pip, *options, "--target", str(draft / "uv"), "--requirement", str(pinned))
        (draft / "uv").rename(folder)
        remove(draft)
    return str(folder / "bin" / "uv")


def check_python() -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Tutelage needs Python 3.11 or newer; {sys.executable} is {sys.version}.")
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        sys.exit(
            "This Python cannot make virtual environments: a part of it is packaged apart.\n"
            "Install that part, then try again:  apt install python3-venv"
        )


def note(name: str) -> Path:
    return VENV / f".installed-{name}"


def state(name: str) -> str:
    """What the environment depends on; the change log gives the version its number."""
    seen = sha256(sys.version.encode())
    for path in (LOCKS / f"{name}.lock", ROOT / "pyproject.toml", ROOT / "CHANGELOG.md"):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def run(*command: str) -> None:
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(f"This failed, see above: {' '.join(command)}")


if __name__ == "__main__":
    main(sys.argv[1])
