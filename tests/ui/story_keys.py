"""A keeper of keys in memory; ``report`` is what the venue would say about any key."""

from dataclasses import dataclass, field

from app.domain.api_key import KeyReport, key_tail
from app.domain.errors import VaultError


@dataclass
class StoryKeys:
    """KeyKeeper port; ``broken`` are the words of a key store that cannot be used."""

    kept: tuple[str, str] | None = None
    report: KeyReport = field(default_factory=lambda: KeyReport("wxyz"))
    broken: str = ""
    checked: list[tuple[str, str]] = field(default_factory=list)

    async def tail(self) -> str | None:
        self._open()
        return None if self.kept is None else key_tail(self.kept[0])

    async def check(self, access_key: str, secret_key: str) -> KeyReport:
        self.checked.append((access_key, secret_key))
        return self.report

    async def check_kept(self) -> KeyReport | None:
        self._open()
        return None if self.kept is None else self.report

    async def keep(self, access_key: str, secret_key: str) -> None:
        self._open()
        self.kept = (access_key, secret_key)

    async def forget(self) -> None:
        self._open()
        self.kept = None

    def _open(self) -> None:
        if self.broken:
            raise VaultError(self.broken)
