"""The container runs what script/server proves, and a real site refuses to start on unsafe values."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k8Zr2vXw9QpLs5TnYc7BhGd4JfMa3EuRx6WiVo1KtHyNbPzCgDqSe0",
    "ALLOWED_HOSTS": "officer.police.example",
    "DATABASE_URL": "postgis://station:long-and-secret@db/your_police_officer",
    "EMAIL_URL": "smtp+tls://station:long-and-secret@mail.police.example:587",
    "DEFAULT_FROM_EMAIL": "no-reply@police.example",
    "SITE_URL": "https://officer.police.example",
}


def site_command(name: str) -> list[str]:
    """Return the command that script/server starts, read from where it is defined."""
    text = (ROOT / "script/lib/site.sh").read_text()
    found = re.search(rf"^{name}=\((.*)\)$", text, re.MULTILINE)
    assert found, name
    return ["python", "-m", *shlex.split(found[1])]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return services


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize(("service", "name"), [("web", "WEB"), ("worker", "WORKER")])
def test_container_runs_the_command_that_script_server_runs(compose, service, name):
    assert compose[service]["command"] == site_command(name)


def test_clock_differs_only_in_the_place_of_its_file(compose):
    command = compose["beat"]["command"]
    assert command[:-1] == [*site_command("BEAT"), "--schedule"]


def test_image_alone_is_the_web_server(dockerfile):
    assert f"CMD {site_command('WEB')}".replace("'", '"') in dockerfile


def test_script_server_starts_exactly_these_three():
    launched = re.findall(r'-m "\$\{(\w+)\[@\]\}"', (ROOT / "script/lib/site.sh").read_text())
    assert launched == ["WEB", "WORKER", "BEAT"]


@pytest.mark.parametrize("command", ["migrate --no-input", "load_demo"])
def test_container_prepares_as_script_server_does(command):
    assert f"manage {command}" in (ROOT / "script/lib/site.sh").read_text()
    assert f"manage.py {command}" in (ROOT / "script/prepare").read_text()


@pytest.mark.parametrize("command", ["collectstatic --no-input", "compilemessages"])
def test_image_is_built_with_what_script_server_builds(dockerfile, command):
    assert f"manage {command}" in (ROOT / "script/lib/site.sh").read_text()
    assert f"manage.py {command}" in dockerfile


@pytest.mark.parametrize("name", ["DOCUMENTS_ROOT", "ATTACHMENTS_ROOT"])
def test_uploaded_files_are_in_a_volume_that_all_share_and_that_is_backed_up(compose, dockerfile, name):
    folder = re.search(rf"{name}=(\S+)", dockerfile)[1]
    assert f'"{folder}"' in re.search(r"^VOLUME (.*)$", dockerfile, re.MULTILINE)[1]
    assert re.search(rf"install -d .*{folder}\b", dockerfile)
    for service in ("web", "worker", "beat", "migrate"):
        assert [mount for mount in compose[service]["volumes"] if mount.endswith(f":{folder}")], service
    assert name in (ROOT / "docs/deployment.md").read_text()


def test_charts_find_the_list_of_fonts_that_the_image_was_built_with_and_may_write_it(dockerfile):
    folder = re.search(r"MPLCONFIGDIR=(\S+)", dockerfile)[1]
    assert re.search(rf"install -d -o 10001 .*{folder}\b", dockerfile)
    made = dockerfile.index('RUN python -c "import matplotlib.font_manager"')
    assert dockerfile.index("MPLCONFIGDIR=") < dockerfile.index("USER 10001") < made
    assert made < dockerfile.index(f'VOLUME ["{folder}"]')


def test_database_writes_no_rows_and_no_values_into_its_log(compose):
    assert {"log_error_verbosity=terse", "log_min_error_statement=panic"} <= set(compose["db"]["command"])


def test_nothing_runs_as_root(compose, dockerfile):
    users = re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)
    assert users == ["10001"]
    for name, service in compose.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service.get("build") or service["user"] not in ("root", "0"), name


def test_every_service_that_stays_has_a_health_check(compose, dockerfile):
    assert "HEALTHCHECK" in dockerfile
    own = {name for name, service in compose.items() if "test" in service.get("healthcheck", {})}
    assert own == set(compose) - {"web", "migrate"}


def test_only_the_service_that_prepares_knows_the_owner_of_the_tables(compose):
    knowing = {
        name for name, service in compose.items() if "OWNER_DATABASE_URL" in service.get("environment", {})
    }
    assert knowing == {"migrate"}
    assert "//station:" in compose["migrate"]["environment"]["OWNER_DATABASE_URL"]
    assert all(
        "//station:" not in compose[name]["environment"]["DATABASE_URL"] for name in ("web", "worker", "beat")
    )


def test_only_the_web_server_is_published_and_only_to_this_machine(compose):
    assert {name for name, service in compose.items() if "ports" in service} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in compose["web"]["ports"])


def test_example_sets_only_what_the_compose_file_reads(compose):
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    text = (ROOT / "docker-compose.yml").read_text()
    missing = [
        name for name in example if f"${{{name}" not in text and name not in compose["web"]["environment"]
    ]
    assert missing == []


def check_deploy(**changes: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **SAFE, **changes}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_production_settings_pass_the_deployment_check_silently():
    answer = check_deploy()
    assert (answer.returncode, answer.stderr) == (0, "")
    assert settings.SILENCED_SYSTEM_CHECKS == ["gis.W001"]  # its reason stands beside the setting
    assert "(1 silenced)" in answer.stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "postgis://station:only-to-try-it@db/your_police_officer"),
        ("OWNER_DATABASE_URL", "postgis://station:only-to-try-it@db/your_police_officer"),
        ("EMAIL_URL", ""),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "smtp://"),
        ("DEFAULT_FROM_EMAIL", ""),
        ("SITE_URL", ""),
        ("SITE_URL", "http://officer.police.example"),
        ("SITE_URL", "officer.police.example"),
        ("SMS_GATEWAY_URL", "http://gateway.example/messages"),
        ("SMS_GATEWAY_URL", "file:///etc/passwd"),
        ("REPLY_ADDRESS", "a-name-that-leaves-no-room@police.example"),
        ("REPLY_ADDRESS", "nowhere"),
    ],
)
def test_production_refuses_an_unsafe_value(variable, value):
    answer = check_deploy(**{variable: value})
    assert answer.returncode != 0
    assert "ImproperlyConfigured" in answer.stderr
    assert "must" in answer.stderr.splitlines()[-1]


def test_documentation_names_the_command_that_works_on_the_served_site():
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        assert ".venv/bin/python manage.py" not in document.read_text(), document.name
