import pytest

from tests.officers.minutes import this_minute


@pytest.fixture(autouse=True)
def _own_minute():
    this_minute.cache_clear()
