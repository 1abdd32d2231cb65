"""The kill switch's password: only its Argon2id hash is kept; a change writes it beside the present one."""

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
#: A change leaves the hash of the mark alone and writes the other of the two.
FILE_NAMES = (FILE_NAME, "kill-password-2")
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
        self._paths = [folder / name for name in FILE_NAMES]
        self._path = self._paths[0]

    async def set(self, password: str, keep: str = "") -> str:
        """See PasswordVault."""
        try:
            return await aside(lambda: self._set(_plain(password), keep), PATIENCE_S)
        except TimeoutError:
            raise StorageError(f"{self._path}: not written in {PATIENCE_S:.0f} s") from None

    async def check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        """See PasswordVault."""
        try:
            return await aside(lambda: self._check(_plain(password), fingerprint), PATIENCE_S)
        except TimeoutError:
            return False, f"{self._path}: not checked in {PATIENCE_S:.0f} s"

    def _set(self, password: str, keep: str) -> str:
        if len(password) < MIN_PASSWORD:
            raise InvalidInputError(f"the password needs at least {MIN_PASSWORD} characters")
        kdf = Argon2id(
            salt=os.urandom(SALT_BYTES), length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
        )
        text = kdf.derive_phc_encoded(password.encode())
        kept, _ = self._find(keep)
        path = next(path for path in self._paths if path != kept)
        try:
            write_atomically(path, text)
        except OSError as error:
            raise StorageError(f"{path}: cannot be written ({error.strerror})") from error
        return fingerprint_of(text)

    def _find(self, fingerprint: str) -> tuple[Path | None, str]:
        """The file with that hash and its text; None and what is wrong when there is none."""
        words = ""
        for path in self._paths:
            try:
                text = path.read_bytes()[:LONGEST].decode("ascii", "replace")
            except OSError as error:
                words = words or f"{path}: cannot be read ({error.strerror})"
                continue
            if hmac.compare_digest(fingerprint_of(text), fingerprint):
                return path, text
            words = f"{path}: is not the file of the password that was set"
        return None, words

    def _check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        path, text = self._find(fingerprint)
        if path is None:
            return False, text
        figures = _PHC.fullmatch(text)
        if figures is None or not _are_sound(*(int(figure) for figure in figures.groups())):
            return False, f"{path}: holds figures that are not believed"
        try:
            Argon2id.verify_phc_encoded(password.encode(), text)
        except InvalidKey:
            return False, ""
        except ValueError as error:
            return False, f"{path}: {error}"
        return True, ""


def fingerprint_of(text: str) -> str:
    """What the mark keeps of the hash: enough to know it again, nothing to guess the password by."""
    return hashlib.sha256(b"gwanje kill password " + text.encode()).hexdigest()


def _plain(password: str) -> str:
    """One spelling for what looks the same; Hangul comes composed or not, by the keyboard (NIST SP 800-63B: NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _are_sound(memory: int, passes: int, lanes: int) -> bool:
    return LEAST_MEMORY_KIB <= memory <= MOST_MEMORY_KIB and LEAST_PASSES <= passes <= MOST_PASSES and 1 <= lanes <= 64
