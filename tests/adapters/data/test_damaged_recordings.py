"""A recording that was cut off or damaged on the way is refused in words; nothing of it is silently believed."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from app.adapters.replay.recorded_files import (
    read_book_csv,
    read_book_jsonl,
    read_bot_fills,
    read_candle_csv,
    read_market_list,
    read_rest_candles,
    read_upbit_day_csv,
)
from app.adapters.replay.simple_frames import read_simple_frames
from app.domain.errors import InvalidInputError
from app.domain.values import Market
from tests.adapters.data.recorded import DATA, needs_data

pytestmark = needs_data

BTC = Market("upbit", "KRW-BTC")
READERS: dict[str, Callable[[Path], Iterable[object]]] = {
    "upbit/orderbook_L5_KRW-ETH_20240427_1739_2130.csv.gz": partial(read_book_csv, market=BTC),
    "upbit/orderbook_L20_KRW-BTC_20250824.jsonl.gz": read_book_jsonl,
    "upbit/candles_1m_KRW-BTC_2024-08_2025-03.csv.gz": partial(read_candle_csv, market=BTC, seconds=60),
    "upbit/candles_1d_KRW-BTC_2018_2022.csv.gz": read_upbit_day_csv,
    "upbit/rest_upbit_1m_20200220_170000-20200220_202000.json.gz": read_rest_candles,
    "upbit/rest_market_all_20210417.json.gz": read_market_list,
    "upbit/rawws_simple_20210417_cryptofeed.txt.gz": read_simple_frames,
    "upbit/botfills_KRW-BTC_20240307_0315.csv.gz": partial(read_bot_fills, market=BTC),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_recording_that_was_cut_off_is_refused(name: str, share: float, tmp_path: Path) -> None:
    whole = (DATA / name).read_bytes()
    path = tmp_path / Path(name).name
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InvalidInputError) as caught:
        list(READERS[name](path))
    assert str(caught.value).startswith(path.name)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("seed", range(4))
def test_a_recording_with_damaged_bytes_is_refused(name: str, seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    damaged = bytearray((DATA / name).read_bytes())
    for _ in range(20):
        damaged[chance.randrange(20, len(damaged))] ^= 1 << chance.randrange(8)
    path = tmp_path / Path(name).name
    path.write_bytes(damaged)
    with pytest.raises(InvalidInputError) as caught:
        list(READERS[name](path))
    assert str(caught.value).startswith(path.name)


@pytest.mark.parametrize(("name", "other"), list(permutations(READERS, 2)))
def test_the_wrong_kind_of_recording_is_refused(name: str, other: str) -> None:
    with pytest.raises(InvalidInputError):
        list(READERS[name](DATA / other))
