"""A hasher of passwords that counts how often it is asked: the work that a guesser could time."""

from typing import Final

from django.contrib.auth.hashers import MD5PasswordHasher

NAME: Final = "tests.guessing.hashing.CountingHasher"


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"
    asked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).asked += 1
        return super().encode(password, salt)
