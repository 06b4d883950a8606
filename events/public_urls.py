"""Public page addresses of events, at the root: /{organisation}/…"""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
