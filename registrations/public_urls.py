"""Public page addresses of registrations, at the root: /{organisation}/…"""

from django.urls import URLPattern, URLResolver, path

from registrations.views.public.register import register_page
from registrations.views.public.send_link import send_link_page

_CONFERENCE = "<slug:organisation>/<slug:conference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_CONFERENCE}/register/", register_page, name="register"),
    path(f"{_CONFERENCE}/register/link/", send_link_page, name="send-link"),
]
