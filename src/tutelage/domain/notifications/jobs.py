"""Background work of notifications. Each may run twice without telling anybody twice."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from tutelage.core.transactions import one_transaction
from tutelage.domain.journal.queries import get_entry
from tutelage.domain.notifications import services
from tutelage.domain.notifications.rendering import render

_FOR_GOOD = 500
# A journal entry is handed on once. Should the database restart just then, the job is not lost:
# it comes again after 2, 4, 8 seconds, and so on for half an hour.
_AGAIN = RetryStrategy(max_attempts=10, exponential_wait=2)


@app.task(name="notifications.tell_of", retry=_AGAIN)
def tell_of(entry_id: int) -> None:
    services.tell_of(get_entry(entry_id))


@app.task(name="notifications.send", queue="mail")
def send(notice_id: int) -> None:
    """Send one notice. No transaction is open while the mail server is talked to."""
    found = services.check_again(notice_id)
    if found is None:
        return
    letter = render(*found)
    message = EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.to],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        services.mark_failed(notice_id, str(refused), for_good=min(codes) >= _FOR_GOOD)
    except SMTPResponseException as answer:
        for_good = answer.smtp_code >= _FOR_GOOD
        services.mark_failed(notice_id, str(answer), for_good=for_good)
    except OSError as trouble:  # refused, timed out, cut off: smtplib's errors are OSErrors
        services.mark_failed(notice_id, str(trouble), for_good=False)
    else:
        services.mark_sent(notice_id)


@one_transaction
def send_due() -> int:
    """Hand what is due to the queue, in one batch. A sweep of the worker."""
    ids = services.claim_due()
    if ids:
        jobs: list[JSONDict] = [{"notice_id": notice_id} for notice_id in ids]
        send.batch_defer(*jobs)
    return len(ids)
