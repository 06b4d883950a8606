"""Every address of Lectern. Public pages come last: they begin with an organisation's slug."""

from django.contrib import admin
from django.urls import include, path

from config import api_urls
from config.url_groups import in_groups
from config.views.components import component_page

handler400 = "config.views.errors.bad_request"
handler403 = "config.views.errors.permission_denied"
handler404 = "config.views.errors.page_not_found"
handler500 = "config.views.errors.server_error"

urlpatterns = in_groups(
    [
        path("", include("core.urls")),
        path("admin/", admin.site.urls),
        path("api/v1/", include(api_urls)),
        path("manage/components/", component_page, name="components"),
        path("", include("accounts.urls")),
        path("", include("console.urls")),
        path("", include("notifications.urls")),
        path("", include("registrations.urls")),
        path("", include("events.urls")),
        path("", include("registrations.public_urls")),
        path("", include("events.public_urls")),
    ]
)
