"""Where a profile lives: configuration, data and logs. GWANJE_HOME moves all of it."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

from app.domain.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Profile:
    """Folders of one profile, readable by their owner only."""

    config: Path
    data: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        """The settings a person may edit."""
        return self.config / "settings.toml"

    @property
    def blueprint_folder(self) -> Path:
        """A person's own blueprints."""
        return self.config / "blueprints"


def find_profile() -> Profile:
    """Profile from GWANJE_HOME, else from the system's conventions; folders are created.

    Raises:
        InvalidInputError: a folder cannot be made or written.
    """
    home = os.environ.get("GWANJE_HOME")
    if home:
        try:
            base = Path(home).expanduser().absolute()
        except RuntimeError as error:
            raise InvalidInputError(
                f"GWANJE_HOME={home}: there is no such home folder; write the whole path"
            ) from error
        profile = Profile(base / "config", base / "data", base / "logs")
    else:
        dirs = PlatformDirs("gwanje", appauthor=False)
        profile = Profile(Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_log_dir))
    for folder in (profile.config, profile.data, profile.logs, profile.blueprint_folder):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise InvalidInputError(
                f"{folder}: cannot be made ({error.strerror}); set GWANJE_HOME to a folder you can write"
            ) from error
        if not os.access(folder, os.W_OK):
            raise InvalidInputError(f"{folder}: cannot be written; set GWANJE_HOME to a folder you can write")
    return profile
