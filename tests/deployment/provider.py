"""An OpenID Connect provider for whoever asks: `python provider.py ISSUER CLIENT SECRET`, on port 9000.

A code is what the identity token is to claim, as base64 of JSON: so whoever signs in says who it is.
"""

import base64
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

ISSUER, CLIENT, SECRET = sys.argv[1:]
KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
PAGES = {
    "/.well-known/openid-configuration": {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    },
    "/keys": {"keys": [KEY.as_dict(private=False)]},
}


class Provider(BaseHTTPRequestHandler):
    """Its four pages, but for the one that a browser shows."""

    def do_GET(self) -> None:
        """What the client asks about the provider."""
        self.answer(200 if self.path in PAGES else 404, PAGES.get(self.path, {}))

    def do_POST(self) -> None:
        """Tokens for a code, if the client knows its secret."""
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.headers["Authorization"] != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return self.answer(401, {"error": "invalid_client"})
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 60} | json.loads(
            base64.urlsafe_b64decode(asked["code"][0])
        )
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, KEY)
        return self.answer(200, {"access_token": "of-no-use", "token_type": "Bearer", "id_token": token})

    def answer(self, status: int, told: object) -> None:
        """As JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())


if __name__ == "__main__":
    ThreadingHTTPServer(("", 9000), Provider).serve_forever()
