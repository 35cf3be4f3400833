"""Texts that are small and whose pages were not: sizes that are products stay within bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, Someone
from tests.worksheets.sheets import place
from worksheets import authoring
from worksheets.models import Answer, Attempt, Edition, Mark, Worksheet
from worksheets.questions import parse_sheet
from worksheets.rendering import skeleton

MB = 1_000_000
WORDS = [f"Word-{number:03}-abcdef" for number in range(200)]
BANK = f"[[ {' | '.join(WORDS)} ]]"
VOCABULARY = "".join(f"No. {n} is ___{WORDS[n % 200]} | KEY{n}___.\n" for n in range(600)) + BANK
LONG = [f"{number:03}".ljust(850, "x") for number in range(200)]
HOSTILE = f"{'____ ' * 1999}___{LONG[0]}___\n\n[[ {' | '.join(LONG)} ]]"

Fetch = Callable[..., requests.Response]


@pytest.fixture
def fetch(live_server: LiveServer) -> Fetch:
    """Asks for one of somebody's pages, or posts to it, over HTTP."""

    def ask(
        someone: Someone,
        view: str,
        data: dict[str, str] | None = None,
        query: str = "",
        **kwargs: object,
    ) -> requests.Response:
        cookies = {name: morsel.value for name, morsel in someone.client.cookies.items()}
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return requests.request(
            "GET" if data is None else "POST",
            f"{live_server.url}{someone.url(view, **kwargs)}{query}",
            data=data,
            headers={"Cookie": header},
            timeout=120,
            allow_redirects=False,
        )

    return ask


def published_before(cast: Cast, source: str) -> Edition:
    """An edition of a text that cannot be published today."""
    assignment = place(cast, "# Short\n\n___a___")
    edition = assignment.edition
    Edition.objects.filter(pk=edition.pk).update(source=source)
    return edition


class TestManyAnswers:
    """One gap with ten thousand right answers, or wrong ones: 80 kB of text."""

    @pytest.mark.parametrize("sign", ["", "!"])
    def test_the_form_of_the_gap_stays_small(self, cast: Cast, fetch: Fetch, sign: str) -> None:
        answers = " | ".join([*(f"{sign}w{number}" for number in range(10_000))])
        worksheet = authoring.create(cast.ruth.user, f"A ___right | {answers}___ gap.")
        for query in ("?item=g1", "?item=g1&part=1"):
            page = fetch(cast.ruth, "keys", query=query, number=worksheet.pk)
            assert page.status_code == 200
            assert "too many answers to show them here" in page.text
            assert len(page.content) < 0.6 * MB  # 7 MB with a row for each
        # What is not shown is not lost by a press.
        form = {"seen": authoring.digest_of(worksheet.source), "item": "g1", "save": "1"}
        assert fetch(cast.ruth, "keys", form, number=worksheet.pk).status_code == 302
        assert Worksheet.objects.get(pk=worksheet.pk).source == worksheet.source


class TestVocabulary:
    """600 gaps over 200 words: a long worksheet, and not a hostile one."""

    def test_the_page_has_each_word_a_few_times(self, cast: Cast, fetch: Fetch) -> None:
        assert not parse_sheet(VOCABULARY).errors
        place(cast, VOCABULARY)
        page = fetch(cast.amina, "home")
        assert page.status_code == 200
        assert len(page.content) < 0.4 * MB  # 600 lists of 200 words are 4 MB
        assert page.text.count(f">{WORDS[150]}<") == 2  # to read, and in the list of the fields
        assert page.text.count('list="bank-0-words"') == 600
        assert page.text.count('<datalist id="bank-0-words">') == 1
        assert "<select" not in page.text
        assert "KEY" not in page.text

    def test_a_pupil_without_script_writes_the_words(self, cast: Cast, fetch: Fetch) -> None:
        assignment = place(cast, VOCABULARY)
        form = {"edition": str(assignment.edition_id), "attempt": "1", "stay": "1"}
        typed = {"g1": WORDS[0].upper(), "g2": f" {WORDS[1]} ", "g3": WORDS[2]}
        assert fetch(cast.amina, "answers", form | typed).status_code == 302
        rows = Answer.objects.values_list("item", "text")
        assert dict(rows) == {f"g{n + 1}": WORDS[n] for n in range(3)}
        refused = fetch(cast.amina, "answers", form | {"g4": "Word-004"})
        assert refused.status_code == 422
        assert "is not in the word bank" in refused.text
        assert 'value="Word-004"' in refused.text

    def test_typed_and_chosen_words_have_the_same_marks(self, cast: Cast, fetch: Fetch) -> None:
        """Wrong ones too: the same right answers, the same spelling, the same order."""
        assignment = place(cast, VOCABULARY)
        form = {"edition": str(assignment.edition_id), "attempt": "1"}
        chosen = {f"g{n}": WORDS[n // 2 % 200] for n in range(1, 40)}
        for someone, answers in (
            (cast.amina, chosen),
            (cast.ben, {key: f"\t{word.swapcase()}" for key, word in chosen.items()}),
        ):
            assert fetch(someone, "answers", form | answers).status_code == 302
            assert fetch(someone, "submit", form).status_code == 302
        first, second = Attempt.objects.order_by("pk")
        assert first.user != second.user
        marks = [
            list(
                Mark.objects.filter(attempt=attempt).order_by("item").values_list("item", "points")
            )
            for attempt in (first, second)
        ]
        assert len(marks[0]) == 600
        assert marks[0] == marks[1]

    def test_the_largest_form_can_be_posted_at_once(self, cast: Cast, fetch: Fetch) -> None:
        ranking = f"???\nrank: {' | '.join('abcdefghijklmnopqrst')}\n\n"
        source = "___a___ " * 2000 + "\n\n" + ranking * 500
        assert not parse_sheet(source).errors
        assignment = place(cast, source)
        form = {"edition": str(assignment.edition_id), "attempt": "1", "stay": "1"}
        form |= {f"g{n}": "a" for n in range(1, 2001)}
        form |= {f"q{n}-{place}": f"{place}" for n in range(1, 501) for place in range(1, 21)}
        assert fetch(cast.amina, "answers", form).status_code == 302
        assert Answer.objects.exclude(text="").count() == 2500

    def test_the_preview_has_each_word_once(self, cast: Cast, fetch: Fetch) -> None:
        """Nothing is filled in there."""
        worksheet = authoring.create(cast.ruth.user, VOCABULARY)
        page = fetch(cast.ruth, "preview", {"source": VOCABULARY}, number=worksheet.pk)
        assert page.status_code == 200
        assert len(page.content) < 0.4 * MB
        assert page.text.count(f">{WORDS[150]}<") == 1

    def test_each_gap_has_its_own_list_where_there_is_room(self, cast: Cast, fetch: Fetch) -> None:
        place(
            cast,
            "".join(f"___{word}___ " for word in WORDS[:50])
            + f"\n\n[[ {' | '.join(WORDS[:50])} ]]",
        )
        page = fetch(cast.amina, "home").text
        assert page.count("<select") == 50
        assert "<datalist" not in page


class TestHostile:
    def test_cannot_be_published_and_says_where(self, cast: Cast, fetch: Fetch) -> None:
        worksheet = authoring.create(cast.ruth.user, HOSTILE)
        form = {"seen": authoring.digest_of(HOSTILE), "publish": "1"}
        assert fetch(cast.ruth, "keys", form, number=worksheet.pk).status_code == 302
        assert not Edition.objects.exists()
        page = fetch(cast.ruth, "edit", number=worksheet.pk)
        assert len(page.content) < 3 * MB  # it was 345
        (problem,) = [one for one in parse_sheet(HOSTILE).errors if one.code == "bank-too-large"]
        assert problem.line == 3
        assert HOSTILE[problem.start : problem.end] == HOSTILE.split("\n\n")[1]

    def test_what_was_published_before_does_no_harm(self, cast: Cast, fetch: Fetch) -> None:
        edition = published_before(cast, HOSTILE)
        page = fetch(cast.amina, "home")
        assert page.status_code == 200
        assert len(page.content) < 3 * MB
        form = {"edition": str(edition.pk), "attempt": "1", "stay": "1"}
        answers = {f"g{n}": LONG[n % 200] for n in range(1, 2001)}
        assert fetch(cast.amina, "answers", form | answers).status_code == 302
        assert Answer.objects.count() == 2000

    @pytest.mark.parametrize(
        ("source", "code"),
        [
            ("___a___ " * 3000, "too-many-gaps"),
            ("???\nrank: a | b | c | d | e | f | g | h\n\n" * 3000, "too-many-questions"),
            ("???\n\n" * 10_000, "too-many-questions"),
            ("- a\n" * 6000, "too-many-lines"),
        ],
        ids=["gaps", "rankings", "boxes", "lines"],
    )
    def test_what_is_too_large_is_not_drawn(
        self, cast: Cast, fetch: Fetch, source: str, code: str
    ) -> None:
        assert code in {problem.code for problem in parse_sheet(source).errors}
        worksheet = authoring.create(cast.ruth.user, source)
        page = fetch(cast.ruth, "preview", {"source": source}, number=worksheet.pk)
        assert len(page.content) < 0.1 * MB
        assert "too large to be shown" in page.text
        tried = fetch(cast.ruth, "try", number=worksheet.pk)
        assert tried.headers["Location"] == cast.ruth.url("edit", number=worksheet.pk)

    def test_an_order_is_not_repeated_without_end(self, cast: Cast, fetch: Fetch) -> None:
        orders = "".join(f"{label}. {'x' * 3000} > b\ntext\n\n" for label in "ABCDEFGHIJKLMNOPQRST")
        source = f"{orders}{'??? which' + chr(10) * 2}" + "??? which\n\n" * 499
        worksheet = authoring.create(cast.ruth.user, source)
        page = fetch(cast.ruth, "preview", {"source": source}, number=worksheet.pk)
        assert len(page.content) < 6 * MB  # it was 32
        assert {one.code for one in parse_sheet(source).errors} == {"long-order"}

    def test_of_very_many_problems_the_first_are_listed(self, cast: Cast, fetch: Fetch) -> None:
        source = "word___ x\n" * 4999 + "??? soon\n"
        worksheet = authoring.create(cast.ruth.user, source)
        page = fetch(cast.ruth, "preview", {"source": source}, number=worksheet.pk)
        assert page.text.count('class="link to-place"') == 100
        assert "And 4,900 more." in page.text or "And 4900 more." in page.text
        assert "Line 5000" in page.text  # what keeps it from being published comes first

    def test_so_it_is_with_the_notes_of_an_import(self, cast: Cast, fetch: Fetch) -> None:
        worksheet = authoring.create(cast.ruth.user, "a\n" * 900)
        Worksheet.objects.update(cautions=[[line, "Check this."] for line in range(1, 900)])
        page = fetch(cast.ruth, "edit", number=worksheet.pk)
        assert page.text.count("Check this.") == 100


def test_the_kept_sheets_are_counted_in_bytes() -> None:
    cache = skeleton._skeletons
    skeleton._skeleton.cache_clear()
    for number in range(40):
        source = f"# {number}\n\n" + ("x" * 99 + "\n\n") * 1000 + "____ " * 1900
        skeleton._skeleton(source, "en", frozenset())
    assert 0 < len(cache) < 40
    assert cache.currsize <= cache.maxsize == 32_000_000
    assert sum(len("".join(one.pieces)) for one in cache.values()) <= cache.maxsize
    skeleton._skeleton.cache_clear()
