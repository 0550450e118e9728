"""The unit and the compose file are what their readers take, start what there is, and open nothing to the network."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import ui
from pipelines.cli import main
from scrapers.registry import sources

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "aipolicy.service"
COMPOSE = DEPLOY / "compose.yaml"
PAGE = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
HARDENED = {
    "ProtectSystem": "strict", "NoNewPrivileges": "true", "PrivateTmp": "true", "ProtectHome": "true",
    "PrivateDevices": "true", "CapabilityBoundingSet": "", "RestrictSUIDSGID": "true", "RestrictNamespaces": "true",
    "SystemCallFilter": "@system-service",
}  # fmt: skip


def settings() -> Iterator[tuple[str, str, str]]:
    """Section, name and value of each line of the unit; another line is an error."""
    section = ""
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if head := re.fullmatch(r"\[(Unit|Service|Install)\]", line):
            section = head[1]
            continue
        setting = re.fullmatch(r"([A-Z][A-Za-z]+)=(.*)", line)
        assert setting, f"neither a section nor a setting: {line}"
        yield section, setting[1], setting[2]


def commands_of_the_unit() -> list[list[str]]:
    return [shlex.split(value.lstrip("-")) for _, name, value in settings() if name.startswith("Exec")]


def assert_is_known(command: list[str]) -> None:
    """A sub-command of ours, or the UI with options that it has."""
    name = Path(command[0]).name
    if name == "aipolicy":
        assert command[1] in main.commands
    else:
        assert (name, command[1:3]) == ("python", ["-m", ui.__name__])
        helped = subprocess.run(
            [sys.executable, "-m", ui.__name__, "--help"], capture_output=True, text=True, check=True
        )
        assert {part for part in command[3:] if part.startswith("--")} <= set(re.findall(r"--\w+", helped.stdout))


def test_the_unit__is_hardened() -> None:
    service = {name: value for section, name, value in settings() if section == "Service"}
    assert HARDENED.items() <= service.items()
    assert service["User"] not in ("", "root")


def test_the_unit__starts_what_there_is() -> None:
    commands = commands_of_the_unit()
    assert len(commands) == 2
    for command in commands:
        assert_is_known(command)
        assert Path(command[0]).parts[-3:-1] == (".venv", "bin")


def test_the_unit__waits_for_a_doctor_who_has_much_to_read() -> None:
    """That its exit code is forgiven does not help against the default limit of 90 seconds."""
    assert ("Service", "TimeoutStartSec", "infinity") in list(settings())


def test_cron__is_silent_while_all_is_well() -> None:
    lines = re.findall(r"^\*/15 .*--watch-heartbeat.*$", PAGE, re.M)
    assert len(lines) == 2, "one for this machine and one for another"
    for line in lines:
        assert " aipolicy " in line, "its user is named"
        assert line.endswith(">/dev/null")


def test_no_file__holds_a_secret() -> None:
    """Variables of keys come from the environment file alone."""
    text = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    variables = [config.key.variable for config in sources().values() if config.key] + ["AIPOLICY_SMTP_PASSWORD"]
    assert not [name for name in variables if name in text]
    assert {name: value for _, name, value in settings()}["EnvironmentFile"] == "-/etc/aipolicy/environment"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd__reads_the_unit_without_a_word(tmp_path: Path) -> None:
    """Names and values as systemd knows them; the commands are stand-ins, since nothing is installed here."""
    stand_in = tmp_path / "opt" / ".venv" / "bin"
    stand_in.mkdir(parents=True)
    for name in ("aipolicy", "python"):
        (stand_in / name).write_text("#!/bin/sh\n")
        (stand_in / name).chmod(0o755)
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/aipolicy", str(tmp_path / "opt"))
    for content, is_good in ((text, True), (text.replace("ProtectClock=true", "ProtectClock=perhaps"), False)):
        unit.write_text(content)
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
        )
        about_us = [line for line in done.stderr.splitlines() if "aipolicy" in line]
        assert (not about_us) == is_good, done.stderr


def test_the_unit__is_an_ini_file_of_three_sections() -> None:
    parser = ConfigParser(strict=False, interpolation=None, allow_no_value=False)
    parser.read(UNIT, encoding="utf-8")
    assert parser.sections() == ["Unit", "Service", "Install"]


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """Paths in the container by volume, or by folder of the machine."""
    return dict(volume.split(":") for volume in service["volumes"])


@pytest.fixture
def service() -> dict[str, Any]:
    held = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert set(held) == {"name", "services", "volumes"}
    (service,) = held["services"].values()
    assert {name for name in mounts(service) if not name.startswith("/")} == set(held["volumes"])
    return dict(service)


def test_the_container__opens_no_port_and_may_do_little(service: dict[str, Any]) -> None:
    assert "ports" not in service, "the UI has no login: it is reached on loopback alone"
    assert service["network_mode"] == "host"
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_container__starts_what_there_is_on_a_volume(service: dict[str, Any]) -> None:
    assert_is_known(service["command"])
    state = mounts(service)["state"]
    assert state == service["environment"]["AIPOLICY_HOME"]
    assert service["command"][service["command"].index("--home") + 1] == state


def called(line: str) -> tuple[str, str]:
    """The sub-command that a line calls, and with which folder; its options are such as it has."""
    name, folder, *options = re.findall(r"(?<= )(?:backup|restore) .*", line)[0].partition(" >")[0].split()
    known = {option for parameter in main.commands[name].params for option in parameter.opts}
    assert {option for option in options if not option.isdigit()} <= known
    return name, folder


def test_copies_of_a_container__are_made_and_brought_back_where_it_may_write(service: dict[str, Any]) -> None:
    lines = [line for line in PAGE.splitlines() if "docker compose " in line]
    (restoring,) = (number for number, line in enumerate(lines) if " aipolicy restore " in line)
    (making,) = (line for line in lines if " aipolicy backup " in line)
    there = mounts(service)["/mnt/backups/aipolicy"]
    assert [called(line) for line in (making, lines[restoring])] == [("backup", there), ("restore", there)]
    assert lines[restoring - 1].endswith(" stop ui"), "no copy is brought back beside a UI that lives"
    assert lines[restoring + 1].endswith(" up --detach")
    (settings,) = (line for line in lines if "alerts.yml" in line)
    assert f">{mounts(service)['state']}/alerts.yml" in settings


def test_cron__makes_a_copy_each_night_and_keeps_some() -> None:
    lines = re.findall(r"^\d+ \d+ \* \* \* .* backup .*$", PAGE, re.M)
    assert [called(line) for line in lines] == [("backup", "/mnt/backups/aipolicy"), ("backup", "/backups")]
    for line in lines:
        assert " --keep " in line
        assert line.endswith(">/dev/null"), "cron mails what is printed: faults alone are, on standard error"
    with_systemd, with_compose = lines
    assert " aipolicy /opt/aipolicy/.venv/bin/aipolicy --home /var/lib/aipolicy " in with_systemd
    assert (
        " root docker compose -f /opt/aipolicy/deploy/compose.yaml --progress quiet run --rm -T ui aipolicy "
        in with_compose
    )


def test_the_health_check__asks_the_port_of_the_ui(service: dict[str, Any]) -> None:
    how, program, _, code = service["healthcheck"]["test"]
    assert (how, program) == ("CMD", "python")
    compile(code, "healthcheck", "exec")
    port = service["command"][service["command"].index("--port") + 1]
    assert f"http://127.0.0.1:{port}/server_info" in code


def test_the_image__is_built_from_files_and_targets_that_there_are(service: dict[str, Any]) -> None:
    image = (DEPLOY.parent / service["build"]["dockerfile"]).read_text(encoding="utf-8")
    targets = re.findall(r"^RUN make (\S+)$", image, re.M)
    makefile = (DEPLOY.parent / "Makefile").read_text(encoding="utf-8")
    assert targets == ["scale-install"]
    assert re.search(r"^scale-install:", makefile, re.M)
    assert "\nUSER aipolicy\n" in image


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker on this machine")
def test_docker__reads_the_compose_file() -> None:
    command = ["docker", "compose", "-f", str(COMPOSE), "config", "--quiet"]
    if subprocess.run([*command[:3], "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker has no compose here")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
