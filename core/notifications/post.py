"""The way to the mail server: one connection for many mails, and what its answers mean."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from django.core.mail import EmailMultiAlternatives, get_connection

from core.languages import LANGUAGES

if TYPE_CHECKING:
    from types import TracebackType

    from core.notifications.models import Message

# Servers end a connection that carries too many mails.
MOST_ON_ONE_CONNECTION: Final = 100
LONGEST_ANSWER: Final = 500
# RFC 3463: 5.1.x, the address is wrong; 5.2.1, its box is closed. 5.7.x is the policy of a server
# and says nothing of the address.
NO_SUCH_ADDRESS: Final = re.compile(r"^5\.(1\.\d{1,3}|2\.1)\b")
ENHANCED_CODE: Final = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
# Without an enhanced code: RFC 5321, 4.2.3.
MAILBOX_CODES: Final = frozenset({550, 551, 553})
# What a provider says of our account or of its own load, not of the mail.
NOT_OF_THE_MAIL: Final = frozenset({401, 403, 408, 425, 429})
UNREACHABLE: Final = (smtplib.SMTPException, OSError)
# What sending may raise and was foreseen.
TROUBLES: Final = (smtplib.SMTPException, OSError, ValueError, AnymailError)


class Fate(Enum):
    """What becomes of a message after a try."""

    SENT = auto()
    WAITS = auto()
    REFUSED = auto()
    NO_SUCH_ADDRESS = auto()
    ADDRESS_CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said of one message; ``words`` are its own."""

    fate: Fate
    words: str = ""


class Post:
    """One connection, opened when the first mail goes and renewed when it breaks."""

    def __init__(self) -> None:
        """Nothing is opened yet."""
        self.is_away = False
        self._backend: Any = None
        self._carried = 0

    def __enter__(self) -> Post:
        """For ``with``: the connection is closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye to the server."""
        self.hang_up()

    def send(self, message: Message) -> Answer:
        """Hand ``message`` to the server. ``is_away`` is true when no connection could be made."""
        if self._carried >= MOST_ON_ONE_CONNECTION:
            self.hang_up()
        try:
            self._open()
        except UNREACHABLE as error:
            self.is_away = True
            self._forget()
            return Answer(Fate.WAITS, _words(error))
        try:
            self._backend.send_messages([mail_of(message)])
        except TROUBLES as error:
            if not _leaves_the_connection(error):
                self._forget()
            return Answer(_fate_of(error), _words(error))
        self._carried += 1
        return Answer(Fate.SENT)

    def _open(self) -> None:
        if self._backend is None:
            self._backend = get_connection()
            self._backend.open()

    def _forget(self) -> None:
        """Drop a connection that no longer answers; waiting for its goodbye would hang again."""
        line = getattr(self._backend, "connection", None)
        if isinstance(line, smtplib.SMTP):
            line.close()
        self._backend, self._carried = None, 0

    def hang_up(self) -> None:
        """End the connection in order."""
        if self._backend is not None:
            with suppress(*UNREACHABLE):  # everything it carried was answered
                self._backend.close()
        self._backend, self._carried = None, 0


def mail_of(message: Message) -> EmailMultiAlternatives:
    """The mail as it leaves: the same at every try, its Message-ID included."""
    languages = LANGUAGES if message.language not in LANGUAGES else (message.language,)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to_email],
        headers={
            **message.headers,
            "Message-ID": message.message_id,
            "Content-Language": ", ".join(languages),
            "Auto-Submitted": "auto-generated",
        },
    )
    # Providers give it back with their news; SMTP does not carry it.
    mail.metadata = {"message": str(message.pk)}  # type: ignore[attr-defined]
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _fate_of(error: Exception) -> Fate:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _of_recipient(*_code_and_words(error))
        case AnymailRecipientsRefused():
            return Fate.NO_SUCH_ADDRESS
        case AnymailInvalidAddress():
            return Fate.REFUSED
        case AnymailAPIError():
            status = int(getattr(error, "status_code", None) or 0)
            refused = 400 <= status < 500 and status not in NOT_OF_THE_MAIL
            return Fate.REFUSED if refused else Fate.WAITS
        case smtplib.SMTPSenderRefused():
            # Our own address, the same for every mail; 552 is the size of this one.
            return Fate.REFUSED if error.smtp_code == 552 else Fate.WAITS
        case smtplib.SMTPDataError():
            return Fate.REFUSED if error.smtp_code >= 500 else Fate.WAITS
        # Text or an address that no server of this kind can carry: another try changes nothing.
        case smtplib.SMTPNotSupportedError() | ValueError():
            return Fate.REFUSED
    return Fate.WAITS


def _of_recipient(code: int, words: str) -> Fate:
    if code < 500:
        return Fate.WAITS
    if ENHANCED_CODE.match(words):
        return Fate.NO_SUCH_ADDRESS if NO_SUCH_ADDRESS.match(words) else Fate.REFUSED
    return Fate.NO_SUCH_ADDRESS if code in MAILBOX_CODES else Fate.REFUSED


def _leaves_the_connection(error: Exception) -> bool:
    """Whether the server answered, and may be asked for the next mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return _code_and_words(error)[0] != 421  # "closing transmission channel"
    return isinstance(error, smtplib.SMTPNotSupportedError | ValueError)


def _code_and_words(error: Exception) -> tuple[int, str]:
    """The code of the server and what it said; 0 when it said nothing."""
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return int(code), said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _words(error: Exception) -> str:
    code, said = _code_and_words(error)
    whole = f"{code} {said}" if code else f"{type(error).__name__}: {error}"
    return " ".join(whole.replace("\0", "").split())[:LONGEST_ANSWER]
