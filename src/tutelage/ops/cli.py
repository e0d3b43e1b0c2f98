"""The command line. It stands above everything and starts what is below.

Each command loads only what it needs: the supervisor has to stay small, and help quick.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from tutelage.config.environment import Environment, WrongSetting, read

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tutelage: plan, meet, prove attendance, record, rate and learn from sessions.",
    epilog="Exit codes: 0 done, 1 failed, 2 a setting or an option is wrong, "
    "3 already running, 4 the port is taken.",
)
Email = Annotated[str, typer.Argument(help="E-mail of the person.", show_default=False)]


@app.command()
def up() -> None:
    """Run everything: database, web and worker. Ctrl-C ends it."""
    _supervise(with_demo=False)


@app.command()
def demo() -> None:
    """Run everything with a demo programme in it, if nobody is in it yet."""
    _supervise(with_demo=True)


@app.command()
def web() -> None:
    """Run a web process alone; any number may run."""
    env = _with_django()
    from tutelage.ops import gate, serve, static

    static.collect(env.home)
    server = serve.load(env)
    gate.wait()
    _require_durability(env)
    serve.run(server)


@app.command()
def worker() -> None:
    """Run a worker alone: jobs, the journal's relay, what falls due. Any number may run."""
    env = _with_django()
    from tutelage.ops.work import work

    _require_durability(env)
    work(env)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    env = _with_django()
    from tutelage.ops import prepare

    prepare.migrate(env)


@app.command(hidden=True)
def prepare(*, demo: Annotated[bool, typer.Option("--demo")] = False) -> None:
    """What the supervisor runs before it serves; its output is what the first visitor reads."""
    env = _with_django()
    from tutelage.ops import erasing, gate
    from tutelage.ops import prepare as steps

    gate.wait()
    steps.wait_for_database(env)
    _require_durability(env)
    steps.migrate(env)
    erasing.keep_erased(env)
    typer.echo(steps.load_demo() if demo else steps.invite_first())


@app.command("setup-link")
def setup_link() -> None:
    """Print a new one-time link that makes the first superadmin; older links end."""
    _with_django()
    from tutelage.ops.prepare import invite_first

    typer.echo(invite_first() or _fail("There is a superadmin already: log in as that person."))


@app.command()
def user(
    email: Email,
    name: Annotated[str, typer.Option(help="Name; needed for somebody new.")] = "",
    role: Annotated[
        Literal["user", "admin", "superadmin"] | None, typer.Option(help="What they may do.")
    ] = None,
    zone: Annotated[str, typer.Option(help="Time zone, such as Europe/Berlin.")] = "",
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from standard input.")
    ] = False,
) -> None:
    """Make a person, or change the one with this e-mail."""
    _with_django()
    from tutelage.ops import accounts

    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    with accounts.explained(_fail):
        typer.echo(accounts.save(email, name=name, role=role, zone=zone, password=password))


@app.command()
def token(
    email: Email,
    scope: Annotated[Literal["read", "write"], typer.Option(help="How far it reaches.")] = "read",
    days: Annotated[int | None, typer.Option(help="How long it is good; else for ever.")] = None,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """Make an API token for a person and print it, this once."""
    _with_django()
    from tutelage.ops import accounts

    with accounts.explained(_fail):
        typer.echo(accounts.token(email, scope=scope, days=days, name=name))


@app.command()
def openapi() -> None:
    """Print the OpenAPI document; no server or database is needed."""
    os.environ["TUTELAGE_PROFILE"] = "tools"
    _with_django()
    import json
    from contextlib import redirect_stdout

    from tutelage.api.root import api

    with redirect_stdout(sys.stderr):  # its warnings are no part of the document
        document = api.get_openapi_schema(path_prefix="/api/")
    typer.echo(json.dumps(document, indent=2))


@app.command()
def settings() -> None:
    """Print the table of all settings, as Markdown."""
    from tutelage.ops.settings_table import document

    typer.echo(document(), nl=False)


@app.command()
def doctor() -> None:
    """Look at everything that has to be right; exit with 1 if something is not."""
    env = _with_django()
    from tutelage.ops.doctor import examine

    findings = examine(env)
    for finding in findings:
        typer.echo(finding)
    if any(finding.level == "fail" for finding in findings):
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it.", dir_okay=False)],
) -> None:
    """Save database and files into one file, while everything runs. NOT the keys: keep those apart.

    They are in TUTELAGE_HOME/keys; without them secrets in the backup cannot be read.
    """
    env = _with_django()
    from tutelage.ops.backup import command

    with command.explained(_fail):
        command.save(env, file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.", exists=True, dir_okay=False)],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Throw away what is there.")] = False,
    erased: Annotated[
        Path | None,
        typer.Option(help="A ledger of erased people besides TUTELAGE_HOME/erased.", exists=True),
    ] = None,
) -> None:
    """Bring a backup back into an empty installation that is not running. The keys are NOT in it.

    Everything is checked before anything is written; the database comes back whole or not at all.
    """
    env = _with_django()
    from tutelage.ops.backup import command

    with command.explained(_fail):
        command.bring_back(env, file, replace=replace, erased=erased)


@app.command()
def erase(
    email: Email,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a person: name, address, texts, logins, tokens. It cannot be taken back."""
    env = _with_django()
    from tutelage.ops import accounts, erasing

    if not yes:
        typer.confirm(f"Forget {email} for ever?", abort=True)
    with accounts.explained(_fail):
        typer.echo(erasing.erase(env, email))


@app.command("import")
def import_sessions(  # noqa: PLR0913 -- each is an option of the command
    file: Annotated[
        Path, typer.Argument(help="A spreadsheet, saved as CSV.", exists=True, dir_okay=False)
    ],
    actor: Annotated[
        str, typer.Option("--as", help="E-mail of the administrator in whose name.")
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(help="What a column holds, as in `mentor=Coach e-mail`; else it is guessed."),
    ] = None,
    word: Annotated[
        list[str] | None, typer.Option(help="What a status means, as in `took place=completed`.")
    ] = None,
    *,
    zone: Annotated[str, typer.Option(help="Zone of the times; else the administrator's.")] = "",
    dates: Annotated[
        Literal["day_first", "month_first"] | None, typer.Option(help="How 05/03 is meant.")
    ] = None,
    start: Annotated[str, typer.Option(help="Start of rows without one, as in 16:00.")] = "",
    minutes: Annotated[int, typer.Option(help="Duration of rows without one.")] = 60,
    make_pairs: Annotated[
        bool, typer.Option("--make-pairs", help="Make the pairs that are missing.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    refused: Annotated[
        Path | None, typer.Option(help="Write the refused rows to this file.", dir_okay=False)
    ] = None,
) -> None:
    """Import past and planned sessions; exit with 1 if a row was refused."""
    _with_django()
    from tutelage.ops import accounts
    from tutelage.ops.import_command import Wish, bring_in

    said = {"usual_zone": zone, "day_order": dates, "usual_time": start, "usual_minutes": minutes}
    options = {name: value for name, value in said.items() if value}
    wish = Wish(actor, column or [], word or [], options | {"make_pairs": make_pairs}, refused)
    with accounts.explained(_fail):
        is_whole = bring_in(file, wish, dry_run=dry_run)
    raise typer.Exit(0 if is_whole else 1)


@app.command("rebuild-search")
def rebuild_search() -> None:
    """Write down anew what sessions are found by; nothing has to stop meanwhile."""
    _with_django()
    from tutelage.ops.search import rebuild

    typer.echo(rebuild())


def _supervise(*, with_demo: bool) -> NoReturn:
    env = _environment()
    from tutelage.ops.supervisor import Plan

    Plan(
        home=str(env.tutelage_home),
        host=env.host,
        port=env.port,
        address=env.address,
        owns_database=not env.database_url,
        with_demo=with_demo,
    ).become()


def _environment() -> Environment:
    try:
        return read()
    except WrongSetting as error:
        _fail(str(error), code=2)


def _with_django() -> Environment:
    """Check the settings, then load the product with them."""
    env = _environment()
    from tutelage.ops import lifeline

    lifeline.hold()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutelage.config.settings")
    import django

    django.setup()
    return env


def _require_durability(env: Environment) -> None:
    """A database that does not answer yet is waited for elsewhere, and looked at by the doctor."""
    from django.db import OperationalError, connection

    from tutelage.ops import durability

    try:
        durability.require_durability(env)
    except durability.NotDurable as error:
        _fail(str(error))
    except OperationalError:
        return
    finally:
        connection.close()


def _fail(text: str, code: int = 1) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(code)
