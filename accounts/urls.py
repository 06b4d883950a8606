"""Page addresses of accounts."""

from django.urls import path

from accounts.views import files

urlpatterns = [
    path("files/<uuid:uid>/", files.stored_file, name="file"),
    path("files/<uuid:uid>/<str:name>", files.stored_file, name="file-by-name"),
]
