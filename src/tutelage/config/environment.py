"""What the environment may say, typed: the one place that reads it.

Every setting may also be given as the path of a file, `NAME_FILE`, which is how secrets come.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError
from pydantic.config import JsonDict
from pydantic_core import ErrorDetails

from tutelage.config import given
from tutelage.config.home import Home

SECRET: Final[JsonDict] = {"secret": True}


class WrongSetting(ValueError):
    """The environment says something that cannot be; the text says what, and the way out."""


class Environment(BaseModel, frozen=True):
    """One field, one setting; `docs/guide/settings.md` is made from it.

    The first example of a field is what an error offers.
    """

    tutelage_home: Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())] = (
        Field(
            default=Path("~/.local/share/tutelage"),
            validate_default=True,
            description="Folder of this installation: keys, embedded database, files, mails.",
            examples=["/var/lib/tutelage"],
        )
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. Keep it local and put a proxy with TLS in front.",
        examples=["127.0.0.1"],
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="Port to listen on.", examples=["8000"]
    )
    base_url: Annotated[str, AfterValidator(given.web_address)] = Field(
        default="",
        description="Address under which people reach it; empty is `http://localhost:PORT`. "
        "Passkeys and secure cookies need https or localhost.",
        examples=["https://tutelage.example.org"],
    )
    site_name: str = Field(
        default="Tutelage",
        max_length=60,
        description="Name on pages and in mails.",
        examples=["Mentoring at Example"],
    )
    signup: Literal["open", "closed"] = Field(
        default="closed",
        description="Whether people may make an account without being added.",
        examples=["closed"],
    )
    database_url: Annotated[str, AfterValidator(given.database_url)] = Field(
        default="",
        repr=False,
        description="A PostgreSQL server, 15 or newer; empty is the embedded one.",
        examples=["postgresql://tutelage:password@db.example.org/tutelage"],
        json_schema_extra=SECRET,
    )
    redis_url: Annotated[str, AfterValidator(given.redis_url)] = Field(
        default="",
        repr=False,
        description="Valkey or Redis for the cache; empty is a cache in each process.",
        examples=["redis://cache.example.org:6379/0"],
        json_schema_extra=SECRET,
    )
    smtp_host: str = Field(
        default="",
        description="Mail server; empty writes mails to files in TUTELAGE_HOME.",
        examples=["smtp.example.org"],
    )
    smtp_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Its port; 0 is the usual one of SMTP_SECURITY: 25, 587 or 465.",
        examples=["587"],
    )
    smtp_user: str = Field(
        default="", description="Name to log in at it.", examples=["tutelage@example.org"]
    )
    smtp_password: str = Field(
        default="",
        repr=False,
        description="Password to log in at it.",
        examples=["…"],
        json_schema_extra=SECRET,
    )
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How it is spoken to.", examples=["starttls"]
    )
    mail_from: Annotated[str, AfterValidator(given.mail_sender)] = Field(
        default="",
        description="Sender of mails; empty is `noreply@` and the host of BASE_URL.",
        examples=["Tutelage <noreply@example.org>"],
    )
    secret_key: Annotated[str, AfterValidator(given.secret_key)] = Field(
        default="",
        repr=False,
        description="Signs logins and links, at least 50 signs; empty makes one at first start.",
        examples=["the output of `openssl rand -base64 48`"],
        json_schema_extra=SECRET,
    )
    encryption_keys: Annotated[
        tuple[Annotated[str, AfterValidator(given.encryption_key)], ...],
        BeforeValidator(given.listed),
    ] = Field(
        default=(),
        repr=False,
        description="Encrypt secrets in the database: Fernet keys, with commas between. The first "
        "writes, all read. Empty makes one at first start.",
        examples=["the output of `openssl rand -base64 32 | tr +/ -_`"],
        json_schema_extra=SECRET,
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies of yours stand in front; with 0, X-Forwarded-For is not "
        "believed.",
        examples=["1"],
    )
    web_threads: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Requests answered at once by one web process.",
        examples=["4"],
    )
    worker_concurrency: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Jobs done at once by one worker.",
        examples=["4"],
    )
    http_allowed_networks: Annotated[
        tuple[Annotated[str, AfterValidator(given.network)], ...], BeforeValidator(given.listed)
    ] = Field(
        default=(),
        description="Private networks that calls to the outside may reach, with commas between.",
        examples=["10.1.2.0/24"],
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least that is logged.", examples=["INFO"]
    )
    tutelage_profile: Literal["production", "test", "tools"] = Field(
        default="production",
        description="`tools` needs nothing and writes nothing: for type checkers and documents.",
        examples=["production"],
    )

    @property
    def home(self) -> Home:
        return Home(self.tutelage_home)

    @property
    def address(self) -> str:
        return self.base_url or f"http://localhost:{self.port}"

    @property
    def hostname(self) -> str:
        return urlsplit(self.address).hostname or "localhost"

    @property
    def is_throwaway(self) -> bool:
        """Whether nothing may be kept: tests and tools run on keys that everybody knows."""
        return self.tutelage_profile != "production"

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Self:
        """Check what was given.

        Raises:
            WrongSetting: names the first variable that is wrong, and how to mend it.
        """
        try:
            return cls.model_validate(texts)
        except ValidationError as error:
            raise WrongSetting("\n".join(_said(part) for part in error.errors())) from None


def read(variables: Mapping[str, str] | None = None) -> Environment:
    """What the environment says; an empty variable is one that is not given."""
    variables = os.environ if variables is None else variables
    texts = {name: _text(name.upper(), variables) for name in Environment.model_fields}
    return Environment.of({name: text for name, text in texts.items() if text})


def _text(name: str, variables: Mapping[str, str]) -> str:
    direct, path = variables.get(name, ""), variables.get(f"{name}_FILE", "")
    if not path:
        return direct
    if direct:
        raise WrongSetting(f"{name} and {name}_FILE are both given. Unset one of them.")
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSetting(
            f"{name}_FILE is {path!r}, which cannot be read ({error}). Give the path of a file "
            f"that holds the value of {name}, readable for the user that runs Tutelage."
        ) from None


def _said(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    field = Environment.model_fields[name]
    variable = name.upper()
    shown = "a value that is not shown" if is_secret(name) else repr(error["input"])
    example = (field.examples or [""])[0]
    reason = error["msg"].removeprefix("Value error, ")
    return f"{variable} is {shown}: {reason}. Mend it, for example: {variable}={example}"


def is_secret(name: str) -> bool:
    return Environment.model_fields[name].json_schema_extra is SECRET
