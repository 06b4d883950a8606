"""What happens around every request."""

from __future__ import annotations

import io
import logging

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from core import middleware
from core.errors import DomainError, busy, not_found
from core.logging import KeyFilter, RequestIdFilter, request_id


def echo(request):
    """Say what of the request is left after the middleware."""
    return HttpResponse(request.body, headers={"X-Seen-From": request.META["REMOTE_ADDR"] or "-"})


def refuse(request, kind):
    if kind == "database":
        raise OperationalError("connection refused: password=secret")
    if kind == "fault":
        raise RuntimeError
    raise {"not-found": not_found(), "busy": busy()}.get(
        kind, DomainError("wrong-state", "It is over.")
    )


urlpatterns = [
    path("echo", echo),
    path("api/echo", echo),
    path("refuse/<kind>", refuse),
    path("api/refuse/<kind>", refuse),
]
handler404 = "config.views.errors.page_not_found"
handler500 = "config.views.errors.server_error"
pytestmark = pytest.mark.urls(__name__)


# --- The request's id ----------------------------------------------------------------------------
def test_an_answer_says_the_requests_id():
    assert len(Client().get("/echo")["X-Request-Id"]) == 32


@pytest.mark.parametrize("given", ["short", "x" * 41, "a b c d e f", "abcdefgh\x1b[31m"])
def test_an_id_that_does_not_fit_in_a_log_is_replaced(given):
    assert Client().get("/echo", headers={"X-Request-Id": given})["X-Request-Id"] != given


def test_a_fitting_id_is_kept():
    assert Client().get("/echo", headers={"X-Request-Id": "from-proxy.1"})["X-Request-Id"] == (
        "from-proxy.1"
    )


def test_log_lines_carry_it():
    record = logging.LogRecord("x", logging.INFO, "", 0, "x", None, None)
    token = request_id.set("abcdefgh")
    assert RequestIdFilter().filter(record)
    request_id.reset(token)
    assert record.request_id == "abcdefgh"


@pytest.mark.django_db
def test_lines_written_after_the_request_carry_it_too(caplog):
    caplog.handler.addFilter(RequestIdFilter())
    Client().get("/nothing/here", headers={"X-Request-Id": "the-first-one"})
    assert [r.request_id for r in caplog.records] == ["the-first-one"]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Not Found: /r/AB12CD34EF/a-Token_x/cancel/", "Not Found: /r/AB12CD34EF/…/cancel/"),
        ("Bad Request: /u/a-Token_x/", "Bad Request: /u/…/"),
        ("Gone: /i/AB12CD34EF/a-Token_x/seen/", "Gone: /i/AB12CD34EF/…/seen/"),
        ("Not Found: /institute/forum/", "Not Found: /institute/forum/"),
    ],
)
def test_no_key_of_a_personal_link_is_logged(line, written):
    kind, _, path = line.partition(": ")
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s: %s", (kind, path), None)
    assert KeyFilter().filter(record)
    assert record.getMessage() == written


def test_head_is_answered_without_a_body():
    request = RequestFactory().head("/echo")
    answer = middleware.HeadMiddleware(lambda _request: HttpResponse("four"))(request)
    assert (answer.content, answer["Content-Length"]) == (b"", "4")


# --- Proxies -------------------------------------------------------------------------------------
def seen(remote, proxies=(), **headers):
    """Return the request as the views would see it."""
    kept = {}

    def view(request):
        kept.update(request.META)
        kept["scheme"] = request.scheme
        return HttpResponse()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware.settings, "TRUSTED_PROXIES", list(proxies))
        handler = middleware.TrustedProxyMiddleware(view)
    handler(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))
    return kept


def test_nobody_is_believed_by_default():
    found = seen("203.0.113.9", X_Forwarded_For="127.0.0.1", X_Forwarded_Proto="https")
    assert (found["REMOTE_ADDR"], found["scheme"]) == ("203.0.113.9", "http")
    assert not {name for name in found if "FORWARDED" in name}
    assert found["lectern.forwarded"]


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("127.0.0.1, 198.51.100.7", "198.51.100.7"),  # the left one anybody can write
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "10.0.0.1"),
        ("198.51.100.7, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("<script>", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_says_who_the_client_is(header, client):
    found = seen("10.0.0.1", ["10.0.0.0/8"], X_Forwarded_For=header)
    assert found["REMOTE_ADDR"] == client
    assert "lectern.forwarded" not in found


@pytest.mark.parametrize(
    ("proto", "scheme"), [("https", "https"), ("http,https", "https"), ("https,http", "http")]
)
def test_a_trusted_proxy_says_the_scheme(proto, scheme):
    assert seen("10.0.0.1", ["10.0.0.1"], X_Forwarded_Proto=proto)["scheme"] == scheme


@pytest.mark.parametrize("remote", ["", "unix:"])
def test_an_address_that_is_none_is_no_proxy(remote):
    assert seen(remote, ["10.0.0.0/8"], X_Forwarded_For="1.2.3.4")["REMOTE_ADDR"] == remote


# --- Bodies --------------------------------------------------------------------------------------
@pytest.mark.parametrize("where", ["/echo", "/api/echo", "/nothing/here"])
@pytest.mark.parametrize(("length", "left"), [(10_000_000, 0), (100_000_000, 100_000_000)])
def test_a_body_over_the_limit_is_thrown_away_up_to_a_bound_and_refused(where, length, left):
    class Stream(io.RawIOBase):
        left = length

        def read(self, size):
            assert size <= 65536
            self.left -= size
            return b"x" * size

    stream = Stream()
    response = Client().generic(
        "POST", where, b"", CONTENT_LENGTH=str(length), **{"wsgi.input": stream}
    )
    assert (response.status_code, stream.left) == (413, left)
    assert "2 MB" in response.content.decode()


def test_who_hangs_up_in_the_middle_is_no_fault():
    class Gone(io.RawIOBase):
        def read(self, size):
            raise ConnectionResetError

    length = str(10 * 1024 * 1024)
    response = Client().generic(
        "POST", "/echo", b"", CONTENT_LENGTH=length, **{"wsgi.input": Gone()}
    )
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["9" * 5000, "2097153"])
def test_absurd_lengths_are_refused(length):
    answer = Client().generic(
        "POST", "/api/echo", b"", CONTENT_LENGTH=length, **{"wsgi.input": io.BytesIO()}
    )
    assert answer.status_code == 413


def chunked(size, *, terminated=True):
    return Client().generic(
        "POST",
        "/api/echo",
        b"",
        CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked",
        **{"wsgi.input": io.BytesIO(b"x" * size), "wsgi.input_terminated": terminated},
    )


def test_a_body_in_chunks_is_read():
    response = chunked(1000)
    assert (response.status_code, response.content) == (200, b"x" * 1000)


def test_a_body_in_chunks_over_the_limit_is_refused():
    assert chunked(3 * 1024 * 1024).status_code == 413


def test_chunks_that_the_server_does_not_end_are_left_alone():
    assert chunked(1000, terminated=False).content == b""


# --- NUL -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("where", ["/echo?q=a%00b", "/api/echo?q=%00", "/ec%00ho"])
def test_nul_in_an_address_is_refused(where):
    assert Client().get(where).status_code == 400


@pytest.mark.parametrize("data", [{"name": "a\x00b"}, {"na\x00me": "x"}, {"n": ["ok", "\x00"]}])
def test_nul_in_a_form_is_refused(data):
    response = Client().post("/echo", data)
    assert response.status_code == 400
    assert "NUL" in response.content.decode()


def test_forms_without_nul_pass():
    form = "application/x-www-form-urlencoded"
    assert Client().post("/echo", "name=Ana", content_type=form).status_code == 200
    assert Client().post("/api/echo", {"name": "a\x00b"}).status_code == 200  # see the parser


# --- Refusals ------------------------------------------------------------------------------------
def test_a_refusal_is_a_page_for_people():
    response = Client().get("/refuse/x")
    assert response.status_code == 409
    assert response["Cache-Control"] == "no-store"
    assert "It is over." in response.content.decode()
    assert "Retry-After" not in response


def test_a_refusal_is_a_problem_for_programs():
    response = Client().get("/api/refuse/busy")
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"].endswith("/busy")


@pytest.mark.django_db
def test_what_is_not_found_looks_like_any_other_missing_page():
    refused, missing = Client().get("/refuse/not-found"), Client().get("/nothing/here")
    assert refused.status_code == missing.status_code == 404
    assert refused.content == missing.content
    refused, missing = Client().get("/api/refuse/not-found"), Client().get("/api/nothing")
    assert refused.status_code == missing.status_code == 404
    assert refused.content == missing.content


@pytest.mark.parametrize("where", ["/refuse/database", "/api/refuse/database"])
def test_a_database_that_does_not_answer_is_told_with_503(where, caplog):
    response = Client().get(where)
    assert response.status_code == 503
    assert response["Retry-After"] == "3"
    assert b"secret" not in response.content
    assert "did not answer" in caplog.text


@pytest.mark.parametrize("where", ["/refuse/fault", "/api/refuse/fault"])
def test_a_fault_of_ours_tells_nothing(where):
    response = Client(raise_request_exception=False).get(where)
    assert response.status_code == 500
    assert b"RuntimeError" not in response.content
    assert response["X-Request-Id"]
