"""The settings file says what is wrong with it, by line, and is never lost."""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor.domain.errors import SettingsError
from tutor.domain.settings import EngineChoice, Settings
from tutor.store.settings_file import load_settings, save_settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_the_defaults_hold_and_none_is_made(path: Path) -> None:
    assert load_settings(path) == Settings()
    assert not path.exists()


def test_every_setting_can_be_read(path: Path) -> None:
    path.write_text(
        'engine = "local"\nollama_host = "10.0.0.2:11434"\nmodel = "qwen3:4b"\nallow_remote = true\n'
        'context_tokens = 4096\ndeadline = 60\nnew_per_day = 0\nretention = 0.97\ntheme = "paper"\n'
    )
    read = load_settings(path)
    assert read == Settings(EngineChoice.LOCAL, "10.0.0.2:11434", "qwen3:4b", True, 4096, 60.0, "", 0, 0.97, "paper")
    assert isinstance(read.deadline, float)
    assert isinstance(read.engine, EngineChoice)


def test_the_interview_is_read_as_text_or_as_a_day_and_written_back(path: Path) -> None:
    path.write_text('interview_date = 2026-12-05\ntarget_rounds = ["screening", "trade-off"]\n')
    read = load_settings(path)
    assert (read.interview_date, read.target_rounds) == ("2026-12-05", ("screening", "trade-off"))
    changed = dataclasses.replace(read, interview_date="2026-12-06", target_rounds=("coding",))
    save_settings(path, changed)
    assert load_settings(path) == changed


FAULTS = {
    "an unknown key, close to one": (
        "# mine\nretenton = 0.9\n",
        '2: there is no setting "retenton". Did you mean "retention"?',
    ),
    "an unknown key, like none": (
        "xyz = 1",
        '1: there is no setting "xyz". There are: engine, ollama_host, model, allow_remote, context_tokens, deadline, '
        "encoder, new_per_day, retention, interview_date, minutes_a_day, target_rounds, theme, flat, recalibrate.",
    ),
    "a table": ('theme = "a"\n[ollama]\nhost = "x"\n', '2: there is no setting "ollama". Did you mean "ollama_host"?'),
    "an unknown engine": (
        'engine = "ollma"',
        '1: engine must be "auto", "local" or "ollama", not "ollma". Did you mean "ollama"?',
    ),
    "an engine that is no text": ("engine = [1]", '1: engine must be "auto", "local" or "ollama", not [1].'),
    "text for truth": ('\n\nallow_remote = "yes"', '3: allow_remote must be true or false, not "yes".'),
    "truth for a number": ("new_per_day = true", "1: new_per_day must be a whole number from 0 to 200, not true."),
    "half a question": ("new_per_day = 1.5", "1: new_per_day must be a whole number from 0 to 200, not 1.5."),
    "too many": ("new_per_day = 201", "1: new_per_day must be a whole number from 0 to 200, not 201."),
    "below none": ("new_per_day = -1", "1: new_per_day must be a whole number from 0 to 200, not -1."),
    "retention too low": ("retention = 0.69", "1: retention must be a number from 0.7 to 0.97, not 0.69."),
    "retention too high": ("retention = 1", "1: retention must be a number from 0.7 to 0.97, not 1."),
    "no number at all": ("retention = nan", "1: retention must be a number from 0.7 to 0.97, not NaN."),
    "no deadline": ("deadline = inf", "1: deadline must be a number of seconds from 1 to 86400, not Infinity."),
    "no room": ("context_tokens = 0", "1: context_tokens must be a whole number from 1024 to 1048576, not 0."),
    "two lines": ('model = "a\\nb"', '1: model must be one line of text in quotes, not "a\\nb".'),
    "no such day": (
        'interview_date = "2026-13-05"',
        '1: interview_date must be a day like 2026-12-05, or "", not "2026-13-05".',
    ),
    "a moment for a day": (
        "interview_date = 2026-12-05T10:00:00",
        '1: interview_date must be a day like 2026-12-05, or "", not "2026-12-05 10:00:00".',
    ),
    "a day too short to practise": (
        "minutes_a_day = 4",
        "1: minutes_a_day must be a whole number from 5 to 600, not 4.",
    ),
    "a round that nobody holds": (
        'target_rounds = ["screening", "lunch"]',
        "1: target_rounds must be a list of rounds (screening, system-design, debugging, trade-off, coding, "
        'behavioural, mixed), not ["screening", "lunch"].',
    ),
    "a date": ("theme = 2026-11-22", '1: theme must be one line of text in quotes, not "2026-11-22".'),
}


@pytest.mark.parametrize(("text", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_by_its_line_with_what_is_allowed(path: Path, text: str, sentence: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as fault:
        load_settings(path)
    assert str(fault.value) == f"{path}:{sentence}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"retention = 0.9\nmodel = qwen\n", r":2: not TOML \(.*\)\. Write one setting a line, like: retention = 0\.9"),
        (b"theme = ", r":1: not TOML \(.*\)\..*"),
        (b"theme = '\xff'", r": this file is not UTF-8 text\. Save it as UTF-8\."),
    ],
    ids=["quotes forgotten", "cut off", "another encoding"],
)
def test_a_broken_file_is_named_and_never_overwritten(path: Path, content: bytes, sentence: str) -> None:
    path.write_bytes(content)
    for attempt in (lambda: load_settings(path), lambda: save_settings(path, Settings(theme="paper"))):
        with pytest.raises(SettingsError) as fault:
            attempt()
        assert re.fullmatch(re.escape(str(path)) + sentence, str(fault.value))
    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(path)


def test_saving_changes_its_own_lines_and_leaves_the_others(path: Path) -> None:
    path.write_text('# My settings\nretention = 0.8  # hard\n\n"theme" = "paper"\n# the end')
    save_settings(path, Settings(retention=0.8, theme="night", model='q"wen\\'))
    assert path.read_text() == (
        '# My settings\nretention = 0.8  # hard\n\ntheme = "night"\n# the end\nmodel = "q\\"wen\\\\"\n'
    )
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == ["settings.toml"]


def test_a_choice_put_back_to_its_default_is_written(path: Path) -> None:
    path.write_text("new_per_day = 3\n")
    save_settings(path, Settings())
    assert load_settings(path) == Settings()


def test_a_layout_that_cannot_be_changed_line_by_line_is_left_alone(path: Path) -> None:
    path.write_text('theme = """\\\n  paper"""\n')
    assert load_settings(path).theme == "paper"
    with pytest.raises(SettingsError):
        save_settings(path, Settings(theme="night"))
    assert load_settings(path).theme == "paper"


def test_a_value_out_of_range_is_not_saved(path: Path) -> None:
    with pytest.raises(SettingsError, match="retention must be"):
        save_settings(path, Settings(retention=2.0))
    assert not path.exists()


choices = st.builds(
    Settings,
    engine=st.sampled_from(EngineChoice),
    model=st.text(st.characters(exclude_categories=["Cs"])).filter(str.isprintable),
    allow_remote=st.booleans(),
    deadline=st.floats(1, 86_400),
    new_per_day=st.integers(0, 200),
    retention=st.floats(0.7, 0.97),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=choices, second=choices)
def test_what_is_saved_is_read_back(path: Path, first: Settings, second: Settings) -> None:
    path.unlink(missing_ok=True)
    for chosen in (first, second):
        save_settings(path, chosen)
        assert load_settings(path) == chosen
    assert len(path.read_text().splitlines()) <= len(dataclasses.fields(Settings))
