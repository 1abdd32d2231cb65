"""The doors of the screen."""

from dataclasses import FrozenInstanceError

import pytest

from tests.ui.screen_story import Story


def test_the_doors_cannot_be_swapped(story: Story) -> None:
    services = story.services()
    with pytest.raises(FrozenInstanceError):
        services.clean_start = False  # type: ignore[misc]
