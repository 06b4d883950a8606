"""A sweeper that never rests, for tests that want many of them."""

from __future__ import annotations

import time

import django

if __name__ == "__main__":
    django.setup()
    from notifications.services.sweeping import plan_again, sweep

    while True:
        sweep()
        plan_again()
        time.sleep(0.2)
