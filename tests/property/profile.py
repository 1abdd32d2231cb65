"""How hard the properties are tried: the same examples on every machine, or many more, and new ones, on demand.

GWANJE_TEST_EFFORT=25 python -m pytest tests/property tests/fuzz
"""

import os
from typing import Any

from hypothesis import HealthCheck, settings

#: 1 in the suite; a larger factor draws that many times more examples, different ones in every run.
EFFORT = max(1, int(os.environ.get("GWANJE_TEST_EFFORT", "1")))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]


def examples(count: int, **more: Any) -> settings:
    """Settings for a property or, with ``stateful_step_count``, for a machine."""
    return settings(
        max_examples=count * EFFORT,
        deadline=None,
        derandomize=EFFORT == 1,
        database=None,
        suppress_health_check=SLOW,
        print_blob=EFFORT > 1,
        **more,
    )
