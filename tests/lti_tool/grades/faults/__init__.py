"""Each fault that a score can meet on its way, and the tests that inject it for real.

``FAULTS`` names them by path and function; ``test_table`` sees that they exist.
"""

from __future__ import annotations

_HERE = "tests/lti_tool/grades/faults"
_OUTBOX = "tests/lti_tool/grades/outbox"

WIRE, KILLS = f"{_HERE}/test_wire.py", f"{_HERE}/test_kills.py"
PROCESSES, CLOCK, ROTATION = (
    f"{_HERE}/test_processes.py",
    f"{_HERE}/test_clock.py",
    f"{_HERE}/test_rotation.py",
)
SENDING, COLUMN, THEIRS, QUEUES, SUBMITTING = (
    f"{_OUTBOX}/test_outbox.py",
    f"{_OUTBOX}/test_columns.py",
    f"{_OUTBOX}/test_comparing.py",
    f"{_OUTBOX}/test_platform_queues.py",
    f"{_OUTBOX}/test_kills.py",
)
HTTP = "tests/lti_tool/services/test_http.py"
VERDICTS = "tests/lti_tool/services/test_verdicts.py"
TOKENS = "tests/lti_tool/adapter/test_tokens.py"
PLATFORM_KEYS = "tests/lti_tool/adapter/test_platform_keys.py"

FAULTS: dict[str, tuple[str, ...]] = {
    # --- between us and the platform ---
    "connection refused": (f"{SENDING}::test_a_platform_that_is_gone",),
    "DNS failure": (f"{WIRE}::test_a_name_that_nobody_knows",),
    "TLS failure": (f"{WIRE}::test_a_certificate_that_nobody_vouches_for",),
    "30 seconds of silence": (
        f"{WIRE}::test_silence_at_any_address_is_given_up",
        f"{WIRE}::test_half_a_minute_is_longer_than_we_wait",
        f"{HTTP}::test_a_host_that_sends_a_byte_now_and_then_is_given_up",
    ),
    "reset in the middle": (
        f"{SENDING}::test_what_passes_is_tried_again_by_itself",
        f"{HTTP}::test_an_answer_that_breaks_off_is_none",
    ),
    "redirect": (
        f"{SENDING}::test_what_passes_is_tried_again_by_itself",
        f"{HTTP}::test_a_redirect_is_an_answer_and_not_a_way",
    ),
    "HTML page with status 200": (
        f"{SENDING}::test_what_passes_is_tried_again_by_itself",
        f"{COLUMN}::test_a_column_that_could_not_be_made_is_tried_again",
        f"{SENDING}::test_no_token_is_a_passing_problem",
    ),
    "truncated JSON": (
        f"{WIRE}::test_json_that_breaks_off",
        f"{SENDING}::test_what_passes_is_tried_again_by_itself",
    ),
    "answer of 100 MB": (
        f"{WIRE}::test_a_hundred_megabytes_are_not_taken",
        f"{HTTP}::test_size_is_that_of_the_unpacked_answer",
    ),
    # --- what the platform says ---
    "401 with a token that has just expired": (
        f"{WIRE}::test_a_token_that_expired_on_its_way",
        f"{WIRE}::test_a_platform_that_refuses_every_token_is_not_asked_without_end",
        f"{SENDING}::test_a_token_that_the_platform_forgot_costs_no_try",
    ),
    "403 and 429 throttling": (
        f"{WIRE}::test_throttling_is_heeded",
        f"{SENDING}::test_a_platform_may_ask_to_wait",
        f"{QUEUES}::test_a_platform_that_asks_to_wait_is_let_be_at_once",
        f"{VERDICTS}::test_a_throttled_403_passes",
        f"{VERDICTS}::test_how_long_a_platform_asks_to_wait",
        f"{VERDICTS}::test_a_date_is_measured_by_the_platforms_own_clock",
    ),
    "404": (
        f"{COLUMN}::test_a_column_that_is_gone_is_made_again",
        f"{COLUMN}::test_where_no_column_may_be_made_again_the_teacher_reads_why",
        f"{COLUMN}::test_a_platform_without_the_link_makes_no_column",
    ),
    "409": (
        f"{THEIRS}::test_a_refusal_over_a_teachers_grade_tells_it",
        f"{THEIRS}::test_a_refusal_over_the_same_score_is_a_yes",
        f"{THEIRS}::test_a_refusal_over_our_own_earlier_score_passes",
    ),
    "412": (f"{COLUMN}::test_a_column_that_is_gone_is_made_again",),
    "422": (f"{SENDING}::test_what_is_final_waits_for_a_person",),
    "500, 502, 503": (
        f"{SENDING}::test_what_passes_is_tried_again_by_itself",
        f"{QUEUES}::test_a_platform_that_fails_again_and_again_is_let_be",
    ),
    "token endpoint down": (
        f"{SENDING}::test_no_token_is_a_passing_problem",
        f"{TOKENS}::test_a_failure_is_not_asked_for_again_by_each_who_waited",
    ),
    "key rotated on our side": (
        f"{ROTATION}::test_a_platform_that_reads_keys_seldom_knows_the_new_one_before_it_signs",
        f"{ROTATION}::test_while_the_platform_holds_the_old_key_scores_wait",
        f"{ROTATION}::test_a_token_outlives_the_key_that_asked_for_it",
    ),
    "key rotated on the platform's side": (f"{PLATFORM_KEYS}::test_rotation_asks_once_more",),
    "score accepted, answer lost": (
        f"{WIRE}::test_an_answer_that_was_lost_is_no_change_in_the_lms",
        f"{THEIRS}::test_a_score_whose_answer_was_lost_is_not_taken_for_theirs",
        f"{COLUMN}::test_a_column_whose_answer_was_lost_is_found_again",
    ),
    # --- kill -9 ---
    "web process killed before the commit": (
        f"{SUBMITTING}::test_killed_before_the_commit_nothing_was_submitted",
    ),
    "web process killed after the commit, before the wake": (
        f"{SUBMITTING}::test_killed_between_the_commit_and_the_delivery",
    ),
    "deliverer killed after the lease, around the token, after the answer, while settling": (
        f"{KILLS}::test_the_deliverer_killed",
    ),
    "deliverer killed while it waits for a token or a column": (
        f"{KILLS}::test_the_deliverer_killed_while_it_waits_for_an_answer",
        f"{KILLS}::test_the_deliverer_killed_when_the_column_was_made",
        f"{COLUMN}::test_a_deliverer_that_dies_over_the_column_holds_it_only_for_a_while",
        f"{TOKENS}::test_who_dies_over_a_renewal_holds_it_only_for_a_while",
    ),
    "deliverer killed after the score was sent, before its answer": (
        f"{SUBMITTING}::test_killed_in_the_middle_of_a_delivery",
    ),
    # --- on our side ---
    "database restart": (
        f"{PROCESSES}::test_the_database_is_restarted_while_a_score_is_on_its_way",
        f"{PROCESSES}::test_the_database_crashes_while_a_score_is_on_its_way",
        f"{PROCESSES}::test_the_database_goes_away_and_the_deliverer_goes_on",
    ),
    "clock set back an hour": (
        f"{CLOCK}::test_set_back_an_hour_and_every_score_waits_until_the_platform_is_asked",
        f"{CLOCK}::test_the_deliverer_asks_and_goes_on_at_once",
        f"{QUEUES}::test_after_a_clock_was_set_back_the_platforms_own_goes_on",
    ),
    "clock set forward": (
        f"{CLOCK}::test_set_forward_an_hour_and_no_score_is_in_the_platforms_future",
        f"{QUEUES}::test_scores_carry_the_platforms_time",
    ),
    "two deliverers racing on one row": (
        f"{PROCESSES}::test_two_that_race_for_one_row_send_it_once",
        f"{SUBMITTING}::test_deliverers_at_once_send_each_score_once",
        f"{SENDING}::test_who_lost_the_lease_settles_nothing",
    ),
    "deliverer stopped for longer than its lease": (
        f"{_HERE}/test_stopped.py::test_who_was_stopped_makes_no_second_column",
        f"{_HERE}/test_stopped.py::test_who_was_stopped_sends_nothing_late",
        f"{_HERE}/test_stopped.py::test_a_column_that_another_made_meanwhile_takes_the_score",
    ),
    "all at once": (
        f"{_HERE}/test_hammer.py::test_killed_every_second",
        f"{_HERE}/test_hammer.py::test_one_stopped_and_one_killed",
    ),
}
