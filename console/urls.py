"""Page addresses of the console."""

from django.urls import URLPattern, URLResolver, path

from console.views.choose import choose

urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/", choose, name="manage-home"),
]
