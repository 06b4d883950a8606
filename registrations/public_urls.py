"""Public page addresses of registrations, at the root: /{organisation}/…"""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
