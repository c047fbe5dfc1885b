"""How problems are collected, merged, sorted, counted and told."""

import pickle
from itertools import permutations

import pytest

from pmg.problems import (
    KEPT_PER_KIND,
    BadData,
    FileReport,
    Problem,
    Problems,
    Severity,
    TooManyProblems,
    listed,
    quoted,
)

WRONG_RATING = Problem(
    Severity.ERROR, "shop/ratings.csv", "line 7", "a rating", "'x'", "Correct the value"
)
UNUSED_PICTURE = Problem(
    Severity.WARNING, "shop/a.pkl", "key 3", "known keys", "an unknown one", "Remove the entry"
)
SMALL = Problem(Severity.NOTE, "shop/a.pkl", "", "1,000 rows", "12", "Nothing, if this is meant")


def collected(*problems: Problem) -> Problems:
    collection = Problems()
    for problem in problems:
        collection.add(problem)
    return collection


def many(count: int, start: int = 0) -> Problems:
    return collected(
        *(WRONG_RATING._replace(place=f"line {n}") for n in range(start, start + count))
    )


def test_a_problem_is_a_sentence_with_file_place_expected_found_and_remedy() -> None:
    assert WRONG_RATING.sentence == (
        "shop/ratings.csv, line 7: expected a rating, found 'x'. Correct the value."
    )


def test_a_problem_of_the_whole_file_names_no_place() -> None:
    assert SMALL.sentence == (
        "shop/a.pkl: expected 1,000 rows, found 12. Nothing, if this is meant."
    )


def test_without_problems_nothing_is_told() -> None:
    assert list(Problems()) == []
    assert list(Problems().sentences()) == []
    assert Problems().summary() == "0 errors, 0 warnings, 0 notes"


@pytest.mark.parametrize("order", list(permutations([WRONG_RATING, UNUSED_PICTURE, SMALL])))
def test_the_worst_come_first_whatever_was_met_first(order: tuple[Problem, ...]) -> None:
    assert list(collected(*order)) == [WRONG_RATING, UNUSED_PICTURE, SMALL]


def test_of_one_severity_the_files_are_in_order_and_their_places_as_met() -> None:
    later = WRONG_RATING._replace(place="line 10")
    other_file = WRONG_RATING._replace(file="shop/info.csv", place="line 99")
    assert list(collected(WRONG_RATING, other_file, later)) == [other_file, WRONG_RATING, later]


def test_problems_of_one_kind_stay_together() -> None:
    again = WRONG_RATING._replace(place="line 9")
    other_kind = WRONG_RATING._replace(place="line 8", expected="a number")
    assert list(collected(WRONG_RATING, other_kind, again)) == [WRONG_RATING, again, other_kind]


def test_the_same_problem_counts_once() -> None:
    problems = collected(SMALL, SMALL, WRONG_RATING, SMALL)
    assert list(problems) == [WRONG_RATING, SMALL]
    assert problems.summary() == "1 error, 0 warnings, 1 note"


def test_problems_are_counted_by_severity() -> None:
    problems = collected(WRONG_RATING, WRONG_RATING._replace(place=""), UNUSED_PICTURE, SMALL)
    assert [problems.count(severity) for severity in Severity] == [2, 1, 1]
    assert problems.summary() == "2 errors, 1 warning, 1 note"


def test_five_of_a_kind_are_told_in_full() -> None:
    told = list(many(5).sentences())
    assert len(told) == 5
    assert told[4] == (
        "error: shop/ratings.csv, line 4: expected a rating, found 'x'. Correct the value."
    )


def test_a_sixth_of_a_kind_becomes_a_number() -> None:
    told = list(many(6).sentences())
    assert told[5:] == ["error: shop/ratings.csv: … and 1 more of this kind."]


def test_a_thousand_and_more_are_counted_and_not_all_kept() -> None:
    problems = many(1_209)
    assert list(problems.sentences())[5:] == [
        "error: shop/ratings.csv: … and 1,204 more of this kind."
    ]
    assert problems.summary() == "1,209 errors, 0 warnings, 0 notes"
    assert len(list(problems)) == KEPT_PER_KIND


def test_the_reader_may_ask_for_more_or_fewer_of_a_kind() -> None:
    assert len(list(many(9).sentences(9))) == 9
    assert list(many(9).sentences(0)) == ["error: shop/ratings.csv: … and 9 more of this kind."]
    assert list(many(1_209).sentences(5_000))[-1].endswith("… and 209 more of this kind.")


def test_one_kind_hides_no_other() -> None:
    problems = many(2_000)
    problems.add(UNUSED_PICTURE)
    told = list(problems.sentences())
    assert told[-2].endswith("… and 1,995 more of this kind.")
    assert told[-1] == f"warning: {UNUSED_PICTURE.sentence}"


def test_merged_collections_count_what_each_of_them_counted() -> None:
    problems = many(1_209)
    problems.add(SMALL)
    problems.merge(many(1_500, start=5_000))
    problems.merge(collected(UNUSED_PICTURE, SMALL))
    assert problems.summary() == "2,709 errors, 1 warning, 1 note"
    assert list(problems)[KEPT_PER_KIND:] == [UNUSED_PICTURE, SMALL]


def test_merging_leaves_the_other_collection_as_it_is() -> None:
    other = many(3)
    collected(SMALL).merge(other)
    assert other.summary() == "3 errors, 0 warnings, 0 notes"


def test_a_report_adds_problems_of_its_file() -> None:
    report = FileReport("shop/ratings.csv", Problems())
    report.error("line 7", "a rating", "'x'", "Correct the value")
    report.warning("line 8", "a rating", "'x'", "Correct the value")
    report.note("", "more", "less", "Nothing")
    assert list(report.problems) == [
        WRONG_RATING,
        WRONG_RATING._replace(severity=Severity.WARNING, place="line 8"),
        Problem(Severity.NOTE, "shop/ratings.csv", "", "more", "less", "Nothing"),
    ]


def test_bad_data_reads_as_its_sentence_and_crosses_processes() -> None:
    fault = pickle.loads(pickle.dumps(BadData(WRONG_RATING)))
    assert isinstance(fault, BadData)
    assert fault.problem == WRONG_RATING
    assert str(fault) == WRONG_RATING.sentence


def test_too_many_problems_read_as_the_report_and_cross_processes() -> None:
    fault = pickle.loads(pickle.dumps(TooManyProblems(many(1_209))))
    assert isinstance(fault, TooManyProblems)
    assert str(fault).splitlines() == list(many(1_209).sentences())
    assert fault.problems.count(Severity.ERROR) == 1_209


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "'plain'"),
        ("two\nlines\x1b[31m\0", r"'two\nlines\x1b[31m\x00'"),
        ("Amélie", "'Amélie'"),
        ("x" * 80, "'" + "x" * 80 + "'"),
        ("x" * 81, "'" + "x" * 80 + "…'"),
    ],
)
def test_text_of_strangers_is_told_on_one_line(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_ids_are_listed_until_they_are_too_many() -> None:
    assert listed([4]) == "4"
    assert listed(range(1, 6)) == "1, 2, 3, 4, 5"
    assert listed(range(1, 1_210)) == "1, 2, 3, 4, 5 and 1,204 more"
