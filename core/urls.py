"""Addresses that every installation has, whatever it holds."""

from django.urls import path, re_path

from core.views import colours, health, texts

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", texts.robots, name="robots"),
    path(".well-known/security.txt", texts.security_txt, name="security-txt"),
    re_path(r"^colours/(?P<digits>[0-9a-f]{6})\.css$", colours.stylesheet, name="colours"),
    path("api/v1/problems/<slug:kind>", texts.problem, name="problem"),
]
