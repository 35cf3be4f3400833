"""Parameters of a login or launch that nothing could keep."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.views.parameters import read_parameters


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "\udfff"])
@pytest.mark.parametrize("place", ["name", "value"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_no_database_takes_is_refused(method: str, place: str, text: str) -> None:
    request = RequestFactory().generic(method, "/lti/login/")
    sent = QueryDict(mutable=True)
    sent[text if place == "name" else "iss"] = text if place == "value" else "http://lms.example"
    setattr(request, method, sent)
    with pytest.raises(LaunchRefused) as refused:
        read_parameters(request)
    assert refused.value.reason is Reason.LOGIN_INCOMPLETE
    refused.value.detail.encode()  # goes into the log


def test_other_text_of_any_script_is_taken() -> None:
    request = RequestFactory().get("/lti/login/", {"iss": "é漢😀\n", "b": ""})
    assert read_parameters(request) == {"iss": "é漢😀\n", "b": ""}
