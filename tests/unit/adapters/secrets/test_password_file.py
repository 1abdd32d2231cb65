"""The password's hash: Argon2id in a PHC string, and no file but the one that was written is believed."""

from pathlib import Path

import pytest

from app.adapters.secrets import password_file
from app.adapters.secrets.password_file import FILE_NAME, PasswordFile, fingerprint_of
from app.domain.errors import InvalidInputError, StorageError

PASSWORD = "correct horse"


async def test_only_the_hash_is_kept_and_only_the_password_fits(tmp_path: Path) -> None:
    vault = PasswordFile(tmp_path)
    fingerprint = await vault.set(PASSWORD)
    text = (tmp_path / FILE_NAME).read_text()
    assert text.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and PASSWORD not in text
    assert fingerprint == fingerprint_of(text)
    assert await vault.check(PASSWORD, fingerprint) == (True, "")
    assert await vault.check(PASSWORD + " ", fingerprint) == (False, "")


async def test_hangul_fits_composed_or_not(tmp_path: Path) -> None:
    vault = PasswordFile(tmp_path)
    fingerprint = await vault.set("가나다라마바사아자차카타")
    import unicodedata

    typed = unicodedata.normalize("NFD", "가나다라마바사아자차카타")
    assert await vault.check(typed, fingerprint) == (True, "")


async def test_a_short_password_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="12 characters"):
        await PasswordFile(tmp_path).set("short")
    assert list(tmp_path.iterdir()) == []


async def test_an_older_file_opens_nothing(tmp_path: Path) -> None:
    vault = PasswordFile(tmp_path)
    await vault.set("the old password")
    old = (tmp_path / FILE_NAME).read_bytes()
    fingerprint = await vault.set(PASSWORD)
    (tmp_path / FILE_NAME).write_bytes(old)
    right, words = await vault.check("the old password", fingerprint)
    assert not right and "is not the file" in words


async def test_a_change_keeps_both_hashes_until_the_next_one(tmp_path: Path) -> None:
    """Whichever of them the mark names after an end in between, its password opens."""
    vault = PasswordFile(tmp_path)
    first = await vault.set(PASSWORD)
    second = await vault.set("another password", keep=first)
    assert await vault.check(PASSWORD, first) == (True, "")
    assert await vault.check("another password", second) == (True, "")
    assert await vault.check(PASSWORD, second) == (False, "")
    given_up = await vault.set("a third password", keep=first)  # the second never got into the mark
    assert await vault.check(PASSWORD, first) == (True, "")
    assert await vault.check("a third password", given_up) == (True, "")
    right, words = await vault.check("another password", second)
    assert not right and "is not the file" in words
    await vault.set("a fourth password", keep=given_up)
    assert await vault.check("a third password", given_up) == (True, "")
    assert len(list(tmp_path.iterdir())) == 2


async def test_a_missing_file_opens_nothing(tmp_path: Path) -> None:
    right, words = await PasswordFile(tmp_path).check(PASSWORD, "f")
    assert not right and "cannot be read" in words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text",
        "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA",  # downgraded
        "$argon2id$v=19$m=999999999,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA",  # would eat all memory
        "$argon2i$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA",
    ],
)
async def test_figures_that_are_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    right, words = await PasswordFile(tmp_path).check(PASSWORD, fingerprint_of(text))
    assert not right and words


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_file, "MEMORY_KIB", 19_456)
    with pytest.raises(StorageError, match="cannot be written"):
        await PasswordFile(tmp_path / "gone").set(PASSWORD)
