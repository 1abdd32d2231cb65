from app.adapters.net.backoff import Backoff


def test_delays_double_up_to_the_cap_and_start_again() -> None:
    backoff = Backoff(base_s=1.0, cap_s=5.0, chance=lambda: 1.0)
    assert [backoff.next_delay() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    backoff.reset()
    assert backoff.next_delay() == 1.0


def test_half_of_a_delay_is_chance() -> None:
    assert Backoff(base_s=2.0, chance=lambda: 0.0).next_delay() == 1.0
    assert Backoff(base_s=2.0, chance=lambda: 0.5).next_delay() == 1.5


def test_a_very_long_outage_does_not_overflow() -> None:
    backoff = Backoff(cap_s=30.0)
    assert all(backoff.next_delay() <= 30.0 for _ in range(5000))
