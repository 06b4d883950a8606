"""Page addresses of accounts: signing in, the own account, the team and its tokens, files."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache

from accounts.views import account, files, settings, team, tokens
from accounts.views.steady import steady

# Of the sign-in library only what is used here: no sign-up, no second addresses.
sign_in: list[URLPattern | URLResolver] = [
    path("login/", steady(allauth.login), name="account_login"),
    path(
        "login/code/",
        steady(allauth.request_login_code),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        steady(allauth.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    # Answers that it is closed; the library's other pages ask for its address.
    path("signup/", allauth.signup, name="account_signup"),
    path(
        "reauthenticate/",
        never_cache(allauth.reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "password/change/",
        never_cache(allauth.password_change),
        name="account_change_password",
    ),
    path("password/set/", never_cache(allauth.password_set), name="account_set_password"),
    path(
        "password/reset/",
        never_cache(steady(allauth.password_reset)),
        name="account_reset_password",
    ),
    path(
        "password/reset/done/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(sign_in)),
    path("manage/account/", account.account_page, name="manage-account"),
    path(
        "manage/<slug:organisation>/organisation/",
        settings.organisation_settings,
        name="manage-organisation-settings",
    ),
    path(
        "manage/<slug:organisation>/organisation/logo/",
        settings.organisation_logo,
        name="manage-organisation-logo",
    ),
    path(
        "manage/<slug:organisation>/organisation/colour/",
        settings.organisation_colour,
        name="manage-organisation-colour",
    ),
    path("manage/<slug:organisation>/team/", team.team, name="manage-team"),
    path("manage/<slug:organisation>/team/<str:code>/", team.change, name="manage-member"),
    path(
        "manage/<slug:organisation>/team/<str:code>/remove/",
        team.remove,
        name="manage-member-remove",
    ),
    path("manage/<slug:organisation>/tokens/", tokens.tokens, name="manage-tokens"),
    path(
        "manage/<slug:organisation>/tokens/<str:prefix>/revoke/",
        tokens.revoke,
        name="manage-token-revoke",
    ),
    path("files/<uuid:uid>/", files.stored_file, name="file"),
    path("files/<uuid:uid>/<str:name>", files.stored_file, name="file-by-name"),
]
