"""The WSGI entry point that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from core.checks import refuse_unsafe_start
from core.metrics import share_between_processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

share_between_processes()
application = get_wsgi_application()
refuse_unsafe_start()
