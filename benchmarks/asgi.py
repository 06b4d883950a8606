"""The product behind ASGI, for the comparison of web servers only; it is served by WSGI."""

from __future__ import annotations

from django.core.asgi import get_asgi_application

application = get_asgi_application()
