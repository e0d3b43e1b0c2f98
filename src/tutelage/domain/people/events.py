from typing import ClassVar

from tutelage.core.events import Event


class PersonAdded(Event):
    subject_type: ClassVar = "person"
    type: ClassVar = "person.added"


class PersonErased(Event):
    subject_type: ClassVar = "person"
    type: ClassVar = "person.erased"


class TokenIssued(Event):
    subject_type: ClassVar = "token"
    type: ClassVar = "token.issued"


class TokenRevoked(Event):
    subject_type: ClassVar = "token"
    type: ClassVar = "token.revoked"
