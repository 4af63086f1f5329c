"""Pages behind a proxy with TLS, where people sign in at an OpenID Connect provider whose groups become roles."""

import json
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from include.basics.settings import ROOT
from include.people.asking.runs import DECIDE
from tests.deployment.stack import QUICK, SLOW, Stack, free_port, until
from tests.deployment.test_platform import ask, deliver, rights
from tests.running.nightly.asked import THINKING_SECONDS
from tests.support.extracts import as_csv, path_of, row

ISSUER, CLIENT, SECRET = "http://provider:9000", "registry", "of-the-provider"
ROLES = {"registry-managers": ["Manager"], "registry-admins": ["Admin"]}
PROVIDER, PROXY = "registry-test-provider", "registry-test-proxy"


@dataclass(frozen=True)
class House:
    """The address that people type, and the certificate behind it."""

    base: str
    certificate: Path

    def visitor(self) -> httpx.Client:
        """Somebody's browser, without its pages."""
        return httpx.Client(base_url=self.base, verify=str(self.certificate), trust_env=False, timeout=60)

    def sign_in(self, **claims: Any) -> httpx.Client:
        """By way of the provider, which claims this about the person."""
        person = self.visitor()
        asked = parse_qs(urlsplit(person.get("/auth/login/openid").headers["location"]).query)
        told = json.dumps({"nonce": asked["nonce"][0], **claims}).encode()
        assert asked["redirect_uri"] == [f"{self.base}/auth/oauth-authorized/openid"]
        back = {"code": urlsafe_b64encode(told).decode(), "state": asked["state"][0]}
        person.get(asked["redirect_uri"][0], params=back, follow_redirects=True)
        return person


@pytest.fixture(scope="module")
def house(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The stack with proxy and provider; afterwards it is as it was."""
    folder, port = tmp_path_factory.mktemp("house"), free_port()
    certificate, key = folder / "tls.crt", folder / "tls.key"
    self_signed = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    named = ["-addext", "subjectAltName=DNS:localhost,DNS:proxy", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*self_signed, *named], check=True, timeout=QUICK, capture_output=True)
    key.chmod(0o644)
    (stack.secrets / "oidc_client_secret").write_text(SECRET)
    (stack.secrets / "ca_certificates").write_text(certificate.read_text())
    base = f"https://localhost:{port}"
    chosen = {"BASE_URL": base, "PROXY_BIND": f"127.0.0.1:{port}", "PROXY_IMAGE": PROXY}
    chosen |= {"TLS_CERTIFICATE": str(certificate), "TLS_KEY": str(key)}
    chosen |= {"OIDC_ISSUER": ISSUER, "OIDC_CLIENT_ID": CLIENT, "OIDC_ROLES": json.dumps(ROLES)}
    stack.docker("build", "--tag", PROXY, "tests/deployment/proxy", timeout=SLOW)
    mounted = f"{ROOT / 'tests' / 'deployment' / 'provider.py'}:/provider.py:ro"
    where = ("--network", "registry-test_back", "--network-alias", "provider", "--volume", mounted)
    program = ("liver-registry:local", "python", "/provider.py", ISSUER, CLIENT, SECRET)
    stack.docker("run", "--detach", "--rm", "--name", PROVIDER, *where, *program)
    try:
        up = ("--profile", "proxy", "up", "-d", "--wait", "--no-deps", "api-server", "proxy")
        stack.compose(*up, timeout=SLOW, **chosen)
        yield House(base, certificate)
    finally:
        stack.docker("rm", "--force", PROVIDER, check=False)
        (stack.secrets / "ca_certificates").write_text("")
        stack.compose("--profile", "proxy", "rm", "--stop", "--force", "proxy", **chosen)
        stack.compose("up", "-d", "--wait", "--no-deps", "api-server", timeout=SLOW)


@pytest.mark.parametrize(
    ("entrypoint", "told"), [((), "answered 200"), (("--entrypoint", "python"), "CERTIFICATE_VERIFY_FAILED")]
)
def test_the_house_s_own_authority_is_trusted(
    house: House, stack: Stack, entrypoint: tuple[str, ...], told: str
) -> None:
    asked = "import urllib.request as r; print('answered', r.urlopen('https://proxy:8443/api/v2/version').status)"
    program = ("python", "-c", asked) if not entrypoint else ("-c", asked)
    run = ("run", "--rm", "-T", "--no-deps", *entrypoint, "api-server", *program)
    assert told in stack.compose(*run, check=False).stdout


def test_pages_behind_a_proxy_with_tls(house: House) -> None:
    with house.visitor() as client:
        assert client.get("/api/v2/monitor/health").json()["metadatabase"]["status"] == "healthy"
        assert client.get("/api/v2/auth/login").headers["location"].startswith(f"{house.base}/auth/login")
        page = client.get("/auth/login/")
        assert page.status_code == 200
        assert all("Secure" in cookie for cookie in page.headers.get_list("set-cookie"))
        assert "strict-transport-security" in page.headers
        assert client.get("/execution/health").status_code == 404


def test_groups_become_roles_at_every_sign_in(house: House) -> None:
    """Airflow asks for an account's roles anew after half a minute."""
    claims = {"sub": "1", "preferred_username": "m", "email": "m@localhost"}
    for groups, may in ((["registry-managers"], 2), (["registry-admins", "others"], 5), (["others"], 0), ([], 0)):
        person = house.sign_in(**claims, groups=groups)
        until(lambda: sees(person) == (may > 0, may == 5), seconds=60)  # noqa: B023
        assert sum(rights(person)) == may


def sees(person: httpx.Client) -> tuple[bool, bool]:
    """Whether somebody may see runs, and accounts."""
    return ask(person, "GET", "/api/v2/dags"), ask(person, "GET", "/auth/fab/v1/users")


def test_an_account_is_the_sub_and_shows_the_name(house: House) -> None:
    """Two persons of one user name, one after the other."""
    some = [
        house.sign_in(sub=sub, preferred_username="ada", email=f"{sub}@localhost", groups=["registry-managers"])
        for sub in ("7", "8")
    ]
    shown = [person.get("/ui/auth/me").json() for person in some]

    assert [one["username"] for one in shown] == ["ada", "ada"]
    assert len({one["id"] for one in shown}) == 2


def test_a_decision_is_that_of_who_signed_in(house: House, stack: Stack, tmp_path: Path) -> None:
    values = ["30"] * 15 + ["haemolysed"] * 6
    rows = [row("results", f"H{number}", value=value) for number, value in enumerate(values)]
    (tmp_path / "held.csv").write_bytes(as_csv(rows, tuple(rows[0])))
    deliver(stack, tmp_path / "held.csv", path_of("results", "2020-11-12", "held.csv"))
    person = house.sign_in(sub="7", preferred_username="ada", email="7@localhost", groups=["registry-managers"])
    until(lambda: len(waiting(person)) == 1)
    (run,) = waiting(person)
    time.sleep(THINKING_SECONDS)
    answer = {"chosen_options": ["reject"], "params_input": {"reason": "it comes again under another name"}}
    path = f"/api/v2/dags/{DECIDE}/dagRuns/{run}/taskInstances/ask/-1/hitlDetails"
    assert person.patch(path, json=answer).status_code == 200

    me = person.get("/ui/auth/me").json()
    decided = "SELECT decided_by FROM ops.load WHERE state = 'rejected'"
    until(lambda: stack.query(decided) == [[f"ada ({me['id']})"]])


def waiting(person: httpx.Client) -> list[str]:
    """The runs that ask people about a held file."""
    asked = person.get("/api/v2/dags/~/dagRuns/~/hitlDetails", params={"response_received": False}).json()
    tasks = [one["task_instance"] for one in asked["hitl_details"]]
    return [task["dag_run_id"] for task in tasks if task["state"] == "awaiting_input"]


def test_no_password_of_airflow_s_own_lets_anybody_in(house: House, stack: Stack) -> None:
    own = {"username": "admin", "password": (stack.secrets / "admin_password").read_text()}
    with house.visitor() as nobody:
        assert nobody.post("/auth/token", json=own).status_code == 401


def test_an_answer_to_somebody_else_lets_nobody_in(house: House) -> None:
    person = house.visitor()
    asked = parse_qs(urlsplit(person.get("/auth/login/openid").headers["location"]).query)
    told = urlsafe_b64encode(json.dumps({"nonce": "of another", "sub": "1", "groups": ["registry-admins"]}).encode())
    person.get(
        "/auth/oauth-authorized/openid",
        params={"code": told.decode(), "state": asked["state"][0]},
        follow_redirects=True,
    )
    assert person.get("/api/v2/dags").status_code == 401


def test_tries_of_a_password_for_a_token_have_a_limit(house: House) -> None:
    wrong = {"username": "admin", "password": "wrong"}
    with house.visitor() as nobody:
        answers = [nobody.post("/auth/token", json=wrong).status_code for _ in range(15)]
        assert set(answers) == {401, 429}
        assert nobody.get("/auth/login/").status_code == 200
