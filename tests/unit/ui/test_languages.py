"""Switching the language, and that every text has its Korean."""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.ui.languages import DEFAULT, LANGUAGES, TRANSLATIONS, languages, system_language

ROOT = TRANSLATIONS.parent
SOURCE = TRANSLATIONS / "gwanje_ko.ts"


def texts(file: Path) -> dict[tuple[str, str], ET.Element]:
    found: dict[tuple[str, str], ET.Element] = {}
    for context in ET.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            if translation is not None:
                found[(context.findtext("name", ""), message.findtext("source", ""))] = translation
    return found


def tool(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_switching_tells_and_translates(qtbot: QtBot, qapp: QApplication) -> None:
    with qtbot.waitSignal(languages().changed):
        languages().set("ko")
    assert QCoreApplication.translate("EmergencyControl", "Liquidate all") == "긴급 전체 청산"
    languages().toggle()
    assert languages().name == "en"
    assert QCoreApplication.translate("EmergencyControl", "Liquidate all") == "Liquidate all"


def test_an_unknown_language_is_the_default() -> None:
    languages().set("xx")
    assert languages().name == DEFAULT
    assert system_language() in LANGUAGES


def test_widgets_hear_of_it(qtbot: QtBot) -> None:
    heard: list[int] = []

    class Hearing(QLabel):
        def changeEvent(self, event: object) -> None:
            heard.append(event.type().value)  # type: ignore[attr-defined]

    label = Hearing()
    qtbot.addWidget(label)
    languages().set("ko")
    qtbot.waitUntil(lambda: 89 in heard)  # QEvent.Type.LanguageChange


def test_no_text_is_unfinished_and_the_places_for_figures_agree() -> None:
    for (context, source), translation in texts(SOURCE).items():
        assert translation.get("type") is None, f"{context}: {source}"
        assert translation.text, f"{context}: {source}"
        assert places(source) == places(translation.text), f"{context}: {source}"


def places(text: str) -> list[str]:
    return sorted(part.split("}")[0] for part in text.split("{")[1:])


def test_every_text_of_the_screen_is_in_the_file(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    sources = sorted(str(path) for path in (ROOT / "app" / "ui").rglob("*.py"))
    command = [tool("pyside6-lupdate"), "-no-obsolete", *sources, "-ts", str(fresh)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    missing = set(texts(fresh)) - set(texts(SOURCE))
    assert not missing, "run lupdate, translate, run lrelease (see translations/README.md)"


def test_the_compiled_file_is_up_to_date(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    subprocess.run([tool("pyside6-lrelease"), str(SOURCE), "-qm", str(fresh)], check=True, capture_output=True)
    assert fresh.read_bytes() == SOURCE.with_suffix(".qm").read_bytes(), "run pyside6-lrelease"
