"""The profile `bi`: Superset over the stack's own PostgreSQL, with the dashboard and nobody's default password."""

import json

import httpx

from tests.bi.superset import in_browser
from tests.deployment.stack import SLOW, Stack, free_port

STAND_IN = "registry-test-superset"


def test_superset_shows_the_marts(stack: Stack) -> None:
    stack.compose(
        "run", "--rm", "-T", "sample", "python", "-m", "include.running.deployed.sample", "together", timeout=SLOW
    )
    port = free_port()
    chosen = {"COMPOSE_PROFILES": "bi", "SUPERSET_IMAGE": STAND_IN, "SUPERSET_BIND": f"127.0.0.1:{port}"}
    stack.docker("build", "--tag", STAND_IN, "tests/bi", timeout=SLOW)
    stack.compose("up", "-d", "--build", "--wait", "--no-recreate", "superset", timeout=SLOW, **chosen)
    stack.compose("run", "--rm", "-T", "dashboards", timeout=SLOW, **chosen)

    url = f"http://127.0.0.1:{port}"
    with in_browser(url, 1440) as dashboard:
        dashboard.sign_in((stack.secrets / "superset_admin_password").read_text())
        dashboard.open("Survival", "Medians")
        (medians,) = dashboard.rows["Medians"]
    one = "rule = 'study' AND endpoint = 'os_treatment' AND stratification = 'all' AND ci_method = 'log-log'"
    assert [[str(medians["events"])]] == stack.query(f"SELECT events FROM marts.survival_summary WHERE {one}")

    guess = {"username": "admin", "password": "admin", "provider": "db"}
    assert httpx.post(f"{url}/api/v1/security/login", json=guess, trust_env=False).status_code == 401
    name = stack.compose("ps", "--quiet", "superset", **chosen).stdout.strip()
    (one_container,) = json.loads(stack.docker("inspect", name).stdout)
    assert one_container["HostConfig"]["ReadonlyRootfs"]
    assert one_container["Config"]["User"] == "superset"
