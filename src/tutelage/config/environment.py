"""What the environment may say, typed: the one place that reads it.

Every setting may also be given as the path of a file, `NAME_FILE`, which is how secrets come.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field


class Environment(BaseModel):
    """One field, one setting; `docs/guide/settings.md` is made from it."""

    profile: Literal["production", "test", "tools"] = "production"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    base_url: str = "http://localhost:8000"
    tutelage_home: Path = Path("~/.local/share/tutelage").expanduser()
    database_url: str = ""
    redis_url: str = ""
    smtp_url: str = ""


def read() -> Environment:
    given = {
        name: os.environ[name.upper()]
        for name in Environment.model_fields
        if name.upper() in os.environ
    }
    return Environment.model_validate(given)
