import pytest
from pytest_django import Settings

from lti_tool.sandbox.models import Grade
from tests.lti_tool.sandbox import lms


def arrange(body: object, status: int = 200) -> object:
    answer = lms.browser().post("/faults", body, content_type="application/json")
    assert answer.status_code == status
    return lms.json_of(answer)


def test_everything_works_unless_asked_otherwise(planted: None) -> None:
    assert lms.json_of(lms.browser().get("/faults")) == {
        "configuration": "off",
        "jwks": "off",
        "line_items": "off",
        "register": "off",
        "results": "off",
        "roster": "off",
        "scores": "off",
        "token": "off",
    }


def test_a_service_answers_as_it_is_told_until_it_is_told_to_stop(tool: lms.Tool) -> None:
    arrange({"scores": "503"})
    assert [tool.post_score(lms.a_score()).status_code for _ in range(3)] == [503] * 3
    assert not Grade.objects.exists()
    arrange({"scores": "off"})
    assert tool.post_score(lms.a_score()).status_code == 200


def test_throttling_is_canvas_s(tool: lms.Tool) -> None:
    arrange({"scores": "throttle*1"})
    answer = tool.post_score(lms.a_score())
    assert answer.status_code == 403
    assert b"Rate Limit Exceeded" in answer.content
    assert answer["X-Rate-Limit-Remaining"] == "0.0"
    assert tool.post_score(lms.a_score()).status_code == 200


def test_a_fault_may_be_counted(tool: lms.Tool) -> None:
    arrange({"scores": "429*2"})
    assert [tool.post_score(lms.a_score()).status_code for _ in range(3)] == [429, 429, 200]
    assert lms.json_of(lms.browser().get("/faults"))["scores"] == "off"


def test_an_answer_may_get_lost_after_the_work_is_done(tool: lms.Tool) -> None:
    arrange({"scores": "lose*1"})
    assert tool.post_score(lms.a_score()).status_code == 503
    assert Grade.objects.count() == 1
    assert tool.post_score(lms.a_score()).status_code == 409


def test_a_page_may_come_instead_of_json(tool: lms.Tool) -> None:
    arrange({"line_items": "html"})
    answer = tool.call("GET", lms.columns_address())
    assert answer.status_code == 200
    assert answer.content.startswith(b"<!doctype html>")


def test_a_service_may_hang_and_then_work(tool: lms.Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    arrange({"scores": "hang:5"})
    assert tool.post_score(lms.a_score()).status_code == 200
    assert waited == [5]


@pytest.mark.parametrize(
    ("target", "method", "address"),
    [
        ("jwks", "GET", "/lti/jwks"),
        ("token", "POST", "/lti/token"),
        ("line_items", "GET", lms.columns_address()),
        ("line_items", "GET", lms.column_address()),
        ("results", "GET", lms.results_address()),
        ("roster", "GET", "/lti/services/CourseSection/2/bindings/1/memberships"),
        ("scores", "POST", lms.scores_address()),
    ],
)
def test_each_target_is_its_own(tool: lms.Tool, target: str, method: str, address: str) -> None:
    others = {name: "500" for name in ("jwks", "token", "scores", "roster") if name != target}
    arrange({**others, target: "503"})
    assert tool.call(method, address).status_code == 503


@pytest.mark.parametrize(
    "body",
    [{"scores": "200"}, {"scores": "600"}, {"scores": 503}, {"scores": "503*0"}, {"scores": ""},
     {"everything": "503"}, {"scores": "hang"}, {"scores": "٥٠٣"}, [], "x"],
)  # fmt: skip
def test_a_fault_that_is_none_is_refused(planted: None, body: object) -> None:
    assert arrange(body, 400)


def test_one_wrong_fault_leaves_all_as_they_were(planted: None) -> None:
    arrange({"scores": "503", "roster": "what"}, 400)
    assert lms.json_of(lms.browser().get("/faults"))["scores"] == "off"


@pytest.mark.parametrize("address", ["/faults", "/state.json"])
def test_where_the_sandbox_is_off_there_is_no_such_thing(
    planted: None, settings: Settings, address: str
) -> None:
    settings.SANDBOX = False
    assert lms.browser().get(address).status_code == 404
