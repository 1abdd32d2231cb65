"""The kill switch's password: only its Argon2id hash is kept, in one file of the profile."""

import hashlib
import hmac
import os
import re
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.adapters.files.settings_file import write_atomically
from app.adapters.host.side_thread import aside
from app.domain.errors import InvalidInputError, StorageError
from app.domain.kill import MIN_PASSWORD

FILE_NAME = "kill-password"
#: RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes; about 0.1 s on this computer.
MEMORY_KIB, PASSES, LANES = 65_536, 3, 4
SALT_BYTES, HASH_BYTES = 16, 32
#: OWASP's floor and a ceiling: a file with other figures is not believed (downgrade, denial of service).
LEAST_MEMORY_KIB, MOST_MEMORY_KIB, LEAST_PASSES, MOST_PASSES = 19_456, 4_194_304, 2, 64
_PHC = re.compile(r"\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")
LONGEST = 4096
PATIENCE_S = 20.0


class PasswordFile:
    """PasswordVault in ``folder``. Hashing takes a tenth of a second and 64 MiB, so it runs in a thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    async def set(self, password: str) -> str:
        """See PasswordVault."""
        try:
            return await aside(lambda: self._set(_plain(password)), PATIENCE_S)
        except TimeoutError:
            raise StorageError(f"{self._path}: not written in {PATIENCE_S:.0f} s") from None

    async def check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        """See PasswordVault."""
        try:
            return await aside(lambda: self._check(_plain(password), fingerprint), PATIENCE_S)
        except TimeoutError:
            return False, f"{self._path}: not checked in {PATIENCE_S:.0f} s"

    def _set(self, password: str) -> str:
        if len(password) < MIN_PASSWORD:
            raise InvalidInputError(f"the password needs at least {MIN_PASSWORD} characters")
        kdf = Argon2id(
            salt=os.urandom(SALT_BYTES), length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
        )
        text = kdf.derive_phc_encoded(password.encode())
        try:
            write_atomically(self._path, text)
        except OSError as error:
            raise StorageError(f"{self._path}: cannot be written ({error.strerror})") from error
        return fingerprint_of(text)

    def _check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        try:
            text = self._path.read_bytes()[:LONGEST].decode("ascii", "replace")
        except OSError as error:
            return False, f"{self._path}: cannot be read ({error.strerror})"
        if not hmac.compare_digest(fingerprint_of(text), fingerprint):
            return False, f"{self._path}: is not the file of the password that was set"
        figures = _PHC.fullmatch(text)
        if figures is None or not _are_sound(*(int(figure) for figure in figures.groups())):
            return False, f"{self._path}: holds figures that are not believed"
        try:
            Argon2id.verify_phc_encoded(password.encode(), text)
        except InvalidKey:
            return False, ""
        except ValueError as error:
            return False, f"{self._path}: {error}"
        return True, ""


def fingerprint_of(text: str) -> str:
    """What the mark keeps of the hash: enough to know it again, nothing to guess the password by."""
    return hashlib.sha256(b"gwanje kill password " + text.encode()).hexdigest()


def _plain(password: str) -> str:
    """One spelling for what looks the same; Hangul comes composed or not, by the keyboard (NIST SP 800-63B: NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _are_sound(memory: int, passes: int, lanes: int) -> bool:
    return LEAST_MEMORY_KIB <= memory <= MOST_MEMORY_KIB and LEAST_PASSES <= passes <= MOST_PASSES and 1 <= lanes <= 64
