"""Keeping passages in files beside the index of their words."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tutor.domain.passage import Passage
from tutor.retrieval.passage_files import PassageFiles, keep
from tutor.retrieval.passage_rows import stamp_of


def some(*numbers: int) -> list[Passage]:
    return [
        Passage(f"a:{number}", "a", "Über \ud800 Costs", ("Latency",), f"Text {number}\n\n* 検索") for number in numbers
    ]


def stamps(numbers: Iterable[int]) -> set[int]:
    return {stamp_of(passage) for passage in some(*numbers)}


def kept(folder: Path, numbers: Iterable[int], alive: Iterable[int]) -> PassageFiles:
    """The folder after these passages came, which leaves those alive."""
    there = stamps(alive)
    keep(folder, some(*numbers), len(there), lambda: there)
    return PassageFiles(folder)


def sizes(files: PassageFiles) -> list[int]:
    return [len(batch) for batch in files.batches.values()]


def test_a_passage_is_found_by_its_stamp_whichever_batch_holds_it(tmp_path: Path) -> None:
    kept(tmp_path, range(50), range(50))
    files = kept(tmp_path, range(50, 60), range(60))
    assert sizes(files) == [50, 10]
    for passage in some(*range(60)):
        assert files.get(stamp_of(passage)) == passage
    assert files.get(7) is None


def test_batches_that_are_not_larger_are_joined_with_what_comes(tmp_path: Path) -> None:
    kept(tmp_path, range(50), range(50))
    found = [sizes(kept(tmp_path, [number], range(number + 1))) for number in range(50, 54)]
    assert found == [[50, 1], [50, 2], [50, 2, 1], [50, 4]]
    assert sizes(kept(tmp_path, range(60, 140), range(140))) == [134]


def test_passages_that_went_leave_the_files_before_most_are_such(tmp_path: Path) -> None:
    kept(tmp_path, range(200), range(200))
    assert sizes(kept(tmp_path, [], range(120))) == [200]
    files = kept(tmp_path, [300], [*range(70), 300])
    assert sizes(files) == [71]
    assert files.get(*stamps([150])) is None
    assert files.get(*stamps([69])) is not None


def test_what_is_open_stays_when_batches_are_joined(tmp_path: Path) -> None:
    before = kept(tmp_path, [1], [1])
    kept(tmp_path, [2], [1, 2])
    assert before.get(*stamps([1])) == some(1)[0]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    keep(tmp_path, [], 0, set)
    assert PassageFiles(tmp_path).get(7) is None


def test_a_batch_without_its_places_is_an_error(tmp_path: Path) -> None:
    kept(tmp_path, [1], [1])
    next(tmp_path.glob("*.places")).unlink()
    with pytest.raises(OSError, match="places"):
        PassageFiles(tmp_path)


def test_a_file_cut_while_it_is_open_loses_what_it_lost(tmp_path: Path) -> None:
    files = kept(tmp_path, range(9), range(9))
    os.truncate(next(tmp_path.glob("*.rows")), 300)
    found = [passage for passage in some(*range(9)) if files.get(stamp_of(passage)) == passage]
    assert 0 < len(found) < 9
