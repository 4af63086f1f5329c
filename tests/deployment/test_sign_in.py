"""Groups of an OpenID Connect provider become roles; the pages behind a proxy with TLS."""

import json
import subprocess
from pathlib import Path

import httpx

from tests.deployment.stack import QUICK, SLOW, Stack, free_port

ROLES = {"registry-managers": ["Manager"], "registry-admins": ["Admin"]}
SIGN_IN = """
import json, runpy
from flask import current_app
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
manager = runpy.run_path("deploy/webserver_config.py")["SECURITY_MANAGER_CLASS"]
with get_application_builder() as builder, current_app.test_request_context():
    security = manager(builder)
    for groups in (["registry-managers"], ["registry-admins", "others"], ["others"], []):
        told = {"sub": "1", "preferred_username": "m", "email": "m@localhost", "groups": groups}
        user = security.auth_user_oauth(security.get_oauth_user_info("openid", {"userinfo": told}))
        print("ROLES", json.dumps(sorted(role.name for role in user.roles)))
    other = security.auth_user_oauth(
        security.get_oauth_user_info("openid", {"userinfo": {**told, "sub": "2", "email": "n@localhost"}})
    )
    print("ACCOUNTS", user.username, other.username, user.get_name(), other.get_name())
    security.add_user("local", "", "", "l@localhost", security.find_role("Admin"), "Of-its-own-1")
    print("PASSWORD", security.auth_user_db("local", "Of-its-own-1"))
"""


def test_groups_become_roles_at_every_sign_in_and_sub_is_the_account(stack: Stack) -> None:
    """No provider runs here: the claims are given as one would send them."""
    provider = {"OIDC_ISSUER": "https://login.invalid", "OIDC_CLIENT_ID": "registry", "OIDC_ROLES": json.dumps(ROLES)}
    given = [argument for name, value in provider.items() for argument in ("-e", f"{name}={value}")]
    told = stack.compose("exec", "-T", *given, "api-server", "python", "-c", SIGN_IN).stdout

    roles = [json.loads(line.removeprefix("ROLES ")) for line in told.splitlines() if line.startswith("ROLES ")]
    assert roles == [["Manager", "Public"], ["Admin", "Public"], ["Public"], ["Public"]]
    assert "ACCOUNTS 1 2 m m\n" in told
    assert "PASSWORD None\n" in told


def test_pages_behind_a_proxy_with_tls(stack: Stack, tmp_path: Path) -> None:
    certificate, key, port = tmp_path / "tls.crt", tmp_path / "tls.key", free_port()
    self_signed = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    named = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*self_signed, *named], check=True, timeout=QUICK, capture_output=True)
    key.chmod(0o644)
    base = f"https://localhost:{port}"
    chosen = {"BASE_URL": base, "PROXY_BIND": f"127.0.0.1:{port}", "PROXY_IMAGE": "registry-test-proxy"}
    files = {"TLS_CERTIFICATE": str(certificate), "TLS_KEY": str(key)}
    stack.docker("build", "--tag", chosen["PROXY_IMAGE"], "tests/deployment/proxy", timeout=SLOW)
    up = ("--profile", "proxy", "up", "-d", "--wait", "--no-deps", "api-server", "proxy")
    stack.compose(*up, timeout=SLOW, **chosen, **files)

    with httpx.Client(base_url=base, verify=str(certificate), trust_env=False, timeout=30) as client:
        assert client.get("/api/v2/monitor/health").json()["metadatabase"]["status"] == "healthy"
        assert client.get("/api/v2/auth/login").headers["location"].startswith(f"{base}/auth/login")
        page = client.get("/auth/login/")
        assert page.status_code == 200
        assert all("Secure" in cookie for cookie in page.headers.get_list("set-cookie"))
        assert "strict-transport-security" in page.headers
        assert client.get("/execution/health").status_code == 404
