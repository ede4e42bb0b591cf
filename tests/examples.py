"""How many examples of anything are tried: a few in every run, many where `EXAMPLES` multiplies them."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(few: int) -> settings:
    """So many, or TIMES as many; no example is wrong for being slow on a busy machine."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=few * TIMES, deadline=None, suppress_health_check=checks)
