"""Our own rules about the code, each with a breach of it and a way that keeps it.

Only what ruff, mypy and the import contracts do not find already; what they find is broken on
purpose in `tests/contracts`. An exception is a place and its reason; one that nobody needs any
more fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.consistency.rules import finding
from tests.consistency.rules.finding import Find

_SUPERVISED: Final = "starts, watches and saves the database, and opens the port"
_BY_HAND: Final = "SQL that the ORM cannot write; its values are parameters"


@dataclass(frozen=True)
class Rule:
    """What must not be written, in which files, and why not, but for these places."""

    why: str
    find: Find
    breach: str
    kept: str
    files: tuple[str, ...] = ("**/*.py",)
    but: Mapping[str, str] = field(default_factory=dict)


RULES: Final = {
    # Time
    "no clock but ours": Rule(
        "core/clock.py is the one place that asks for the time",
        finding.names(
            "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime",
            "datetime.today", "date.today", "datetime.utcfromtimestamp",
        ),
        breach="import time\nAT = time.time()",
        kept="from tutelage.core.clock import now\nAT = now()",
        but={
            "core/ids.py": "the time in an id only puts it after the ones before",
            "ops/doctor/database.py": "compares the machine's clock with the database's",
        },
    ),
    "no clock in SQL": Rule(
        "the database's clock is another one, and no test can set it",
        finding.strings(r"(?i)(?<![\w.])(now|clock_timestamp|statement_timestamp)\(\)|current_timestamp|current_date"),
        breach='QUERY = "SELECT 1 FROM notice WHERE due_at < now()"',
        kept='QUERY = "SELECT 1 FROM notice WHERE due_at < %s"',
        but={
            "config/health.py": "a worker's heartbeat is by the database's clock",
            "ops/doctor/database.py": "the same, and it compares the clocks",
        },
    ),
    "no clock in the ORM's SQL": Rule(
        "the same, by Django's function",
        finding.names("django.db.models.functions.Now"),
        breach="from django.db.models.functions import Now",
        kept="from django.db.models.functions import Lower",
        but={
            "domain/journal/models.py": "the journal is ordered and dated by the database alone",
            "domain/programs/models.py": "what rows got that were there before the column was",
        },
    ),
    "no zones in SQL": Rule(
        "the database has its own zone data, and reads `CET` in its own way",
        finding.strings(r"(?i)at time zone|timezone\('"),
        breach='''QUERY = "SELECT starts_at AT TIME ZONE 'CET' FROM session"''',
        kept='QUERY = "SELECT starts_at FROM session"',
        but={"ops/doctor/database.py": "looks where the database's zone data differs from ours"},
    ),
    "no zones in the ORM's SQL": Rule(
        "days are cut in Python, by the pinned zone data",
        finding.calls("TruncDay", "TruncDate", "TruncWeek", "TruncMonth", "ExtractHour"),
        breach="TruncDay('starts_at')",
        kept="to_local(starts_at, zone).date()",
    ),
    "local times are made in one place": Rule(
        "core/times.py knows what to do where clocks skip or repeat a time",
        finding.nodes(
            lambda node: (
                finding.called(node) == "replace" and finding.given(node, "tzinfo") is not None
            )
        ),
        breach="at = local.replace(tzinfo=ZoneInfo(zone))",
        kept="at = to_instant(local, zone)",
        but={"core/times.py": "that place"},
    ),
    "no days added to local times": Rule(
        "a day is not always 24 hours; add to the date, then make an instant of it",
        finding.days_on_local_times,
        breach="def f():\n    at = start.astimezone(zone)\n    return at + timedelta(days=1)",
        kept="def f():\n    return to_instant(local + timedelta(days=1), zone)",
    ),
    "no hours of twelve": Rule(
        "logic and forms speak of 24 hours; what people see is written by Django's formats",
        finding.strings(r"%I|%p"),
        breach='CLOCK = f"{at:%I:%M}"',
        kept='CLOCK = f"{at:%H:%M}"',
    ),
    # Text that becomes HTML
    "no text is called safe": Rule(
        "what is escaped is escaped; format_html puts parts together",
        finding.names("django.utils.safestring.mark_safe", "django.utils.safestring.SafeText"),
        breach="from django.utils.safestring import mark_safe",
        kept="from django.utils.html import format_html",
        but={
            "web/icons.py": "drawings from the icon package, by names of ours",
            "web/rows.py": "puts together what templates made, and escapes what it adds",
            "web/templatetags/tutelage.py": "the same drawings",
            "web/history/marks.py": "marks hits in a text that it escapes piece by piece",
        },
    ),
    "no text is called safe in templates": Rule(
        "the same, in a template",
        finding.words(r"\|\s*(safe|safeseq)\b|autoescape\s+off"),
        breach="<p>{{ note|safe }}</p>",
        kept="<p>{{ note|linebreaksbr }}</p>",
        files=("**/*.html",),
    ),
    "format_html is given its text": Rule(
        "a text that is put together is not escaped any more",
        finding.nodes(finding.is_text_made_up),
        breach='format_html(f"<b>{name}</b>")',
        kept='format_html("<b>{}</b>", name)',
    ),
    # The database
    "SQL by hand only where it is needed": Rule(
        "the ORM writes SQL, and parameters",
        finding.calls("cursor", "raw", "RawSQL", "extra"),
        breach='rows = Session.objects.raw("SELECT * FROM session")',
        kept="rows = Session.objects.all()",
        but={
            "config/audience.py": _BY_HAND,
            "config/health.py": "asks for one, as simply as can be",
            "config/storage.py": "tries whether anything can be written",
            "core/compiled.py": "runs what the ORM wrote once, many times",
            "core/inserting.py": "writes rows of several tables by one statement",
            "domain/imports/services/judging.py": _BY_HAND,
            "domain/imports/services/running.py": _BY_HAND,
            "domain/insights/queries.py": _BY_HAND,
            "domain/insights/services.py": _BY_HAND,
            "domain/journal/queries.py": "reads below the oldest transaction",
            "domain/journal/relay.py": _BY_HAND,
            "domain/journal/services.py": _BY_HAND,
            "domain/scheduling/services/reserving.py": "takes locks that are no rows",
            "ops/": "looks at the server, and after it",
        },
    ),
    "no columns from outside": Rule(
        "who names the columns reads what he likes (CVE-2025-64459)",
        finding.nodes(finding.is_named_from_outside),
        breach="rows.filter(**request.GET.dict())",
        kept="rows.filter(status=filters.status)",
    ),
    "pages look up no rows": Rule(
        "queries begin with `visible_to`; a row by its id alone is anybody's",
        finding.nodes(lambda node: getattr(node, "attr", "") == "objects"),
        breach="session = Session.objects.get(pk=session_id)",
        kept="session = queries.get_session(actor=request.user, session_id=session_id)",
        files=("web/**/*.py", "api/**/*.py", "realtime/**/*.py"),
        but={
            "web/accounts/adapter.py": "allauth's own rows, of the person who just made an account",
            "web/settings/views.py": "allauth's own rows, of the reader",
        },
    ),
    "after the commit by name": Rule(
        "a lambda looks its names up when it runs, and a loop is over by then",
        finding.nodes(finding.is_late_bound),
        breach="for each in rows:\n    transaction.on_commit(lambda: tell(each))",
        kept="for each in rows:\n    transaction.on_commit(partial(tell, each))",
    ),
    # The outside
    "nothing streams from Django": Rule(
        "a streaming response keeps its thread, and what that holds, as long as a client likes",
        finding.names("django.http.StreamingHttpResponse", "http.StreamingHttpResponse"),
        breach="from django import http\nx = http.StreamingHttpResponse",
        kept="from django.http import HttpResponse",
    ),
    "connections only where that is the purpose": Rule(
        "each place closes what it opens, and none is a page or the domain",
        finding.names(
            "socket.socket", "socket.create_connection", "socket.create_server",
            "asyncio.open_connection", "asyncio.start_server", "asyncio.open_unix_connection",
            "asyncio.start_unix_server", "psycopg.connect", "psycopg.Connection",
            "psycopg.AsyncConnection", "http.client.HTTPConnection", "http.client.HTTPSConnection",
            "urllib.request.urlopen", "smtplib.SMTP", "smtplib.SMTP_SSL", "socketserver.TCPServer",
        ),
        breach="from urllib.request import urlopen",
        kept="from tutelage.integrations import http",
        but={
            "config/server.py": "the web server listens",
            "ops/": _SUPERVISED,
            "realtime/journal.py": "the one connection that listens",
        },
    ),
    "one way out": Rule(
        "the guarded client alone knows whom it may reach, and when to give up",
        finding.imports(
            "aiohttp", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests",
            "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc.client",
        ),
        breach="import httpx as net\nnet.get(address, timeout=5)",
        kept="from urllib.parse import urlsplit\nfrom tutelage.integrations import http",
        but={
            "integrations/http.py": "it is the way",
            "ops/doctor/address.py": "asks at its own address, as a browser would",
        },
    ),
    "no call without an end": Rule(
        "whoever does not answer would hold a worker for ever",
        finding.lacks("timeout", "Client", "AsyncClient", "urlopen", "create_connection"),
        breach="httpx.Client(verify=context)",
        kept="httpx.Client(timeout=TIMEOUT)",
    ),
    "no form without its token": Rule(
        "a form of another site could send it",
        finding.names("django.views.decorators.csrf.csrf_exempt"),
        breach="from django.views.decorators.csrf import csrf_exempt",
        kept="from django.views.decorators.http import require_POST",
        but={"web/links/views.py": "a personal link is its own token, and needs no login"},
    ),
}  # fmt: skip
