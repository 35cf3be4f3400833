"""The door of /admin/: who is let in, who has to wait, and what is written down of it."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User as Operator
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lti_tool.models import AuditEntry
from lti_tool.server.client_address import address_to_count, client_address
from worksheets.privacy.retention import forget_old

PASSWORD = "correct horse battery staple"
LOGIN = "/admin/login/"


@pytest.fixture
def operator(db: None) -> Operator:
    return Operator.objects.create_superuser("otto", password=PASSWORD)


@pytest.fixture
def door(live_server: LiveServer, operator: Operator) -> Iterator[Door]:
    with requests.Session() as session:
        yield Door(live_server.url, session)


class Door:
    """The form to sign in, over HTTP."""

    def __init__(self, url: str, session: requests.Session) -> None:
        self.url = url
        self.session = session
        page = session.get(f"{url}{LOGIN}", timeout=30)
        self.token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[0]

    def knock(
        self, name: str = "otto", password: str = "wrong", address: str = "203.0.113.5", **more: str
    ) -> requests.Response:
        return self.session.post(
            f"{self.url}{LOGIN}",
            {"csrfmiddlewaretoken": self.token, "username": name, "password": password, **more},
            headers={"X-Forwarded-For": address},
            allow_redirects=False,
            timeout=30,
        )

    @property
    def is_open(self) -> bool:
        page = self.session.get(f"{self.url}/admin/", allow_redirects=False, timeout=30)
        return page.status_code == 200


class TestThrottle:
    def test_an_account_from_many_addresses(self, door: Door) -> None:
        answers = [door.knock(address=f"203.0.113.{n}").status_code for n in range(1, 8)]
        assert answers == [200, 200, 200, 200, 429, 429, 429]
        refused = door.knock(password=PASSWORD, address="198.51.100.7")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert "15 minutes" in refused.text
        assert not door.is_open

    def test_an_address_with_many_accounts(self, door: Door) -> None:
        answers = [door.knock(name=f"guess{n}").status_code for n in range(1, 7)]
        assert answers == [200, 200, 200, 200, 429, 429]
        assert door.knock(password=PASSWORD).status_code == 429
        # From elsewhere, the operator is let in meanwhile.
        assert door.knock(password=PASSWORD, address="198.51.100.7").status_code == 302
        assert door.is_open

    def test_ends_after_a_quarter_of_an_hour(self, door: Door) -> None:
        for _time in range(6):
            door.knock()
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        assert door.knock(password=PASSWORD).status_code == 302

    def test_attempts_meanwhile_make_it_no_longer(self, door: Door) -> None:
        for _time in range(6):
            door.knock()
        (before,) = AccessAttempt.objects.values_list("attempt_time", flat=True)
        door.knock()
        (after,) = AccessAttempt.objects.values_list("attempt_time", flat=True)
        assert before == after

    def test_a_few_slips_are_forgiven(self, door: Door) -> None:
        for _round in range(3):
            for _time in range(4):
                assert door.knock().status_code == 200
            assert door.knock(password=PASSWORD).status_code == 302
            door.session.cookies.clear()
            door = Door(door.url, door.session)

    def test_is_shared_by_all_processes(self, door: Door) -> None:
        """It is counted in rows."""
        for _time in range(5):
            door.knock()
        (row,) = AccessAttempt.objects.all()
        assert (row.username, row.failures_since_start) == ("otto", 5)
        assert "wrong" not in row.post_data
        assert "otto" not in row.post_data

    def test_rows_go_after_a_day(self, door: Door) -> None:
        door.knock()
        assert forget_old()["sign-ins"] == 0
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(days=2))
        assert forget_old()["sign-ins"] == 1


class TestOneAtATime:
    def test_a_second_password_is_not_even_looked_at(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It costs a third of a second: many of them would take all threads from pupils."""
        begun, may_end = threading.Event(), threading.Event()
        verify = MD5PasswordHasher.verify

        def slow(hasher: MD5PasswordHasher, password: str, encoded: str) -> bool:
            begun.set()
            assert may_end.wait(30)
            return verify(hasher, password, encoded)

        monkeypatch.setattr(MD5PasswordHasher, "verify", slow)
        first: list[int] = []
        other = Door(door.url, requests.Session())
        waits = threading.Thread(
            target=lambda: first.append(other.knock(password=PASSWORD).status_code)
        )
        waits.start()
        assert begun.wait(30)
        try:
            answers = [door.knock(password=PASSWORD) for _time in range(24)]
            assert {answer.status_code for answer in answers} == {429}
            assert {answer.headers["Retry-After"] for answer in answers} == {"2"}
            # The form can be seen meanwhile, and pages that need no password.
            assert requests.get(f"{door.url}{LOGIN}", timeout=30).status_code == 200
        finally:
            may_end.set()
            waits.join()
            other.session.close()
        assert first == [302]
        assert not AccessAttempt.objects.exists()  # none of these counts as a failure
        assert door.knock(password=PASSWORD).status_code == 302

    def test_a_form_that_is_no_form_is_not_read(self, door: Door) -> None:
        assert door.knock(password="x" * 20_000).status_code == 413


class TestLog:
    def test_names_accounts_and_addresses(
        self, door: Door, operator: Operator, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "lti_tool.security"):
            door.knock()
            door.knock(name="Amina Diallo", password="my secret")
            door.knock(name="my secret", password="")
            door.knock(password=PASSWORD)
        lines = [row.getMessage() for row in caplog.records if row.name == "lti_tool.security"]
        assert lines == [
            f"sign-in failed: account={operator.pk} address=203.0.113.5 reason=invalid_login",
            "sign-in failed: account=- address=203.0.113.5 reason=invalid_login",
            f"signed in: account={operator.pk} address=203.0.113.5",
        ]
        for secret in ("Amina", "secret", "wrong", PASSWORD):
            assert secret not in caplog.text

    def test_says_that_somebody_is_locked_out(
        self, door: Door, operator: Operator, caplog: pytest.LogCaptureFixture
    ) -> None:
        for _time in range(6):
            door.knock()
        assert caplog.messages.count(
            f"sign-in failed: account={operator.pk} address=203.0.113.5 reason=locked"
        ) in {1, 2}


class TestSecondFactor:
    def test_is_off_by_default(self, door: Door) -> None:
        call_command("add_second_factor", "otto")
        door.knock(password=PASSWORD)
        assert door.is_open

    def test_without_a_code_nobody_is_let_in(
        self,
        door: Door,
        settings: Settings,
        capsys: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        settings.ADMIN_SECOND_FACTOR = True
        assert door.knock(password=PASSWORD).status_code == 200
        assert not door.is_open
        call_command("add_second_factor", "otto")
        address, *codes = capsys.readouterr().out.split()
        assert address.startswith("otpauth://totp/")
        assert len(codes) == 6
        device = TOTPDevice.objects.get()
        page = door.knock(password=PASSWORD).text
        assert device.persistent_id in page
        assert not door.is_open
        wrong = door.knock(password=PASSWORD, otp_device=device.persistent_id, otp_token="123")
        assert "Invalid token" in wrong.text
        lines = [row.getMessage() for row in caplog.records if row.name == "lti_tool.security"]
        assert "reason=invalid_token" in lines[-1]
        assert not door.is_open
        device.throttle_reset()
        totp = TOTP(device.bin_key)
        totp.time = timezone.now().timestamp()
        code = f"{totp.token():06}"
        right = door.knock(password=PASSWORD, otp_device=device.persistent_id, otp_token=code)
        assert right.status_code == 302
        assert door.is_open

    def test_a_recovery_code_works_once(self, door: Door, settings: Settings) -> None:
        settings.ADMIN_SECOND_FACTOR = True
        call_command("add_second_factor", "otto")
        token = StaticToken.objects.first()
        assert token is not None
        form = {"otp_device": token.device.persistent_id, "otp_token": token.token}
        assert door.knock(password=PASSWORD, **form).status_code == 302
        again = Door(door.url, requests.Session())
        assert again.knock(password=PASSWORD, **form).status_code == 200
        again.session.close()

    def test_a_session_from_before_is_no_longer_enough(
        self, door: Door, settings: Settings
    ) -> None:
        door.knock(password=PASSWORD)
        assert door.is_open
        settings.ADMIN_SECOND_FACTOR = True
        assert not door.is_open

    @pytest.mark.usefixtures("operator")
    def test_the_command_replaces_what_was_lost(self) -> None:
        for _time in range(2):
            call_command("add_second_factor", "otto")
        assert (TOTPDevice.objects.count(), StaticToken.objects.count()) == (1, 6)
        account = f"account-{Operator.objects.get().pk}"
        rows = AuditEntry.objects.filter(kind="second-factor")
        assert [(row.operator, row.subject) for row in rows] == [("manage.py", account)] * 2
        with pytest.raises(CommandError, match="no such account"):
            call_command("add_second_factor", "nobody")


def test_a_session_lasts_four_hours(door: Door) -> None:
    cookie = door.knock(password=PASSWORD).headers["Set-Cookie"]
    assert "sessionid=" in cookie
    assert "Max-Age=14400" in cookie


@pytest.mark.parametrize("password", ["elevenchars", "twelve-chars"])
def test_a_password_has_twelve_characters(operator: Operator, password: str) -> None:
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(operator)
    form = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    answer = client.post("/admin/password_change/", form)
    assert answer.status_code == (302 if len(password) >= 12 else 200)


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("", "203.0.113.5", "203.0.113.5"),  # a Unix socket
        ("10.0.0.2", "192.0.2.1, 203.0.113.5", "203.0.113.5"),
        ("fd00::2", "2001:db8::5", "2001:db8::5"),
        ("8.8.8.8", "203.0.113.5", "8.8.8.8"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "me", "127.0.0.1"),
        ("127.0.0.1", "fe80::1%eth0", "127.0.0.1"),
        ("", "", "0.0.0.0"),
    ],
)
def test_a_proxy_nearby_tells_the_address(peer: str, told: str, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=told)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::"),
        ("2001:db8::5", "2001:db8::"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_the_tries_of_a_network_are_counted_together(address: str, counted: str) -> None:
    assert address_to_count(RequestFactory().get("/", REMOTE_ADDR=address)) == counted
