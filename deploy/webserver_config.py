"""How people sign in: with accounts of Airflow's own or, where OIDC_ISSUER is set, at an OpenID Connect provider.

Then the groups that the provider tells decide about the role, anew at every sign-in; who is in none sees nothing.
"""

import json
import os
from pathlib import Path
from typing import Any

from airflow.providers.fab.auth_manager.models import User
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from flask_appbuilder.const import AUTH_DB, AUTH_OAUTH

ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
GROUPS = os.environ.get("OIDC_GROUPS_CLAIM") or "groups"

AUTH_TYPE = AUTH_OAUTH if ISSUER else AUTH_DB
AUTH_ROLE_PUBLIC = None
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "20 per 20 second"
FAB_PASSWORD_COMPLEXITY_ENABLED = True
WTF_CSRF_ENABLED = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("AIRFLOW__API__BASE_URL", "").startswith("https:")

if ISSUER:

    class OpenID(FabAirflowSecurityManagerOverride):
        """Reads the standard claims. An account is its `sub`: a user name may pass on to somebody else."""

        def get_oauth_user_info(self, provider: str, resp: Any) -> dict[str, Any]:
            """Who signs in, and the groups."""
            told = resp.get("userinfo") or self.oauth_remotes[provider].userinfo(token=resp)
            return {
                "username": told["sub"],
                "first_name": told.get("given_name") or told.get("name") or told.get("preferred_username", ""),
                "last_name": told.get("family_name", ""),
                "email": told.get("email", ""),
                "role_keys": told.get(GROUPS, []),
            }

        def auth_user_db(self, *_: Any, **__: Any) -> None:
            """Let no password of an account of Airflow's own in: neither on a page nor for a token of the API."""

    def shown(user: User) -> str:
        """The name that pages and decisions show."""
        return f"{user.first_name} {user.last_name}".strip() or str(user.username)

    User.get_name = shown
    SECURITY_MANAGER_CLASS = OpenID
    OAUTH_PROVIDERS = [
        {
            "name": "openid",
            "token_key": "access_token",
            "icon": "fa-key",
            "remote_app": {
                "client_id": os.environ["OIDC_CLIENT_ID"],
                "client_secret": Path("/run/secrets/oidc_client_secret").read_text().strip(),
                "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
                "client_kwargs": {"scope": os.environ.get("OIDC_SCOPE") or "openid profile email"},
            },
        }
    ]
    AUTH_USER_REGISTRATION = True
    AUTH_USER_REGISTRATION_ROLE = "Public"
    AUTH_ROLES_SYNC_AT_LOGIN = True
    AUTH_ROLES_MAPPING = json.loads(os.environ["OIDC_ROLES"])
