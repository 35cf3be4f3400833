"""What the Dockerfile and compose.yaml promise, as far as it shows without an engine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from lti_tool.server import environment
from tests import ROOT
from worksheets.authoring import pictures
from worksheets.formats import picture_file
from worksheets.formats.readers import extract

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if service["image"].startswith("lti-")}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
STEPS = re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD"}

each_service = pytest.mark.parametrize("name", SERVICES)


def test_who_is_there() -> None:
    assert {"migrate", "web", "worker", "beat", "postgres", "redis", "proxy"} == set(SERVICES)
    assert {"migrate", "web", "worker", "beat"} == OURS
    assert [name for name in SERVICES if "build" in SERVICES[name]] == ["migrate"]
    assert {SERVICES[name]["pull_policy"] for name in OURS} == {"never"}
    assert {SERVICES[name]["image"] for name in OURS} == {"lti-worksheets:${VERSION:-latest}"}
    assert SERVICES["web"]["deploy"]["replicas"] == SERVICES["worker"]["deploy"]["replicas"] == 2
    assert "deploy" not in SERVICES["beat"]


@each_service
def test_nothing_is_written_but_where_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    mounted = [volume for volume in service.get("volumes", []) if not volume.endswith(":ro")]
    assert mounted == (["postgres:/var/lib/postgresql/data"] if name == "postgres" else [])


@each_service
def test_nobody_is_root(name: str) -> None:
    service = SERVICES[name]
    if name in OURS:
        users = [step.split()[1] for step in STEPS if step.startswith("USER ")]
        assert users == ["10001:10001"]
        assert "user" not in service
    else:
        assert service["user"] not in {"root", "0", 0}


@each_service
def test_health_is_checked_where_there_is_somebody_to_ask(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check == {"disable": True} if name in {"migrate", "beat"} else check["test"]


def test_migrations_are_a_step_of_their_own() -> None:
    assert SERVICES["migrate"]["command"] == ["lti-worksheets", "migrate"]
    assert SERVICES["migrate"]["restart"] == "no"
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert not [step for step in STEPS if step.startswith(("RUN", "CMD")) and "migrate" in step]


def test_only_the_proxy_is_reached_and_only_from_here() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["${LISTEN:-127.0.0.1:8080}:8080"]}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_all_variables_of_the_tool_can_be_set_but_those_of_the_image(name: str) -> None:
    read = set(
        re.findall(r'variables(?:\.get\(|,\s+)"([A-Z_]+)"', Path(environment.__file__).read_text())
    )
    others = {"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"}  # of services/
    assert set(SERVICES[name]["environment"]) == (read | others) - {"STATIC_ROOT", "DEBUG"}


@each_service
def test_logs_do_not_grow_without_end(name: str) -> None:
    assert SERVICES[name]["logging"]["options"]["max-size"] == "10m"


@each_service
def test_no_service_takes_all_memory_or_processes(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[0-9]+[mg]", service["mem_limit"])
    assert 64 <= service["pids_limit"] <= 512


def megabytes(limit: str) -> int:
    return int(limit[:-1]) * {"m": 1, "g": 1024}[limit[-1]]


def test_what_is_read_fits_into_what_a_service_may_take() -> None:
    """Its processes, and the children that read papers and pictures to their own limits."""
    paper, picture = extract.MAX_MEMORY_BYTES >> 20, picture_file.MAX_MEMORY_BYTES >> 20
    web, worker = (megabytes(SERVICES[name]["mem_limit"]) for name in ("web", "worker"))
    assert web >= 2 * 150 + 2 * pictures.AT_ONCE * picture
    assert worker >= 4 * 150 + settings.LTI_JOBS_AT_ONCE * paper
    assert SERVICES["redis"]["command"][-3] == "128mb"
    assert megabytes(SERVICES["redis"]["mem_limit"]) > 128
    connections = int(
        re.findall(r"max_connections=(\d+)", " ".join(SERVICES["postgres"]["command"]))[0]
    )
    assert SERVICES["postgres"]["pids_limit"] > connections


def test_no_secret_is_written_down() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for secret in SECRETS:
        named = re.findall(rf"{secret}: (.)", text) + re.findall(r"\$\{" + secret + "(.)", text)
        assert set(named) == {"$", ":"}
        assert f"{secret}=\n" in (ROOT / "deploy" / "env.example").read_text()
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_what_must_be_set_is_in_the_example() -> None:
    text = (ROOT / "compose.yaml").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    example = (ROOT / "deploy" / "env.example").read_text()
    assert needed == SECRETS | {"PUBLIC_URL"}
    assert needed <= set(re.findall(r"^([A-Z_]+)=", example, re.M))


def test_the_image_checks_its_health_and_takes_pinned_packages_alone() -> None:
    assert [step for step in STEPS if step.startswith("HEALTHCHECK") and "/healthz" in step]
    installs = re.findall(r"pip [^&]*install [^&]*", DOCKERFILE.replace("\\\n", ""))
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_the_image_gets_what_it_is_made_of_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    wanted = {line[1:] for line in lines if line.startswith("!")}
    assert lines[1] == "*"
    assert all((ROOT / name).exists() for name in wanted)
    assert {"lti_tool", "worksheets", "templates", "locale"} <= wanted
    assert {"pyproject.toml", "requirements.txt"} <= wanted
    assert not {".git", ".env", "tests", "."} & wanted


def test_what_builds_the_wheel_is_pinned() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert build["build-system"]["requires"] == build["dependency-groups"]["build"]
    pinned = (ROOT / "requirements-build.txt").read_text()
    assert re.search(r"^hatchling==\d", pinned, re.M)
    assert pinned.count("==") <= pinned.count("--hash=sha256:")
