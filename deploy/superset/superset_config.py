"""Superset's settings: where its own tables are, its key, and what a browser may send back."""

import os
from pathlib import Path

SECRET_KEY = Path(os.environ["SUPERSET_SECRET_KEY_FILE"]).read_text().strip()
SQLALCHEMY_DATABASE_URI = os.environ["SUPERSET_DATABASE"]
ENABLE_PROXY_FIX = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("SUPERSET_URL", "").startswith("https:")
# Nobody is let in who was not given an account.
AUTH_USER_REGISTRATION = False
PUBLIC_ROLE_LIKE = None
# A curve is four series: censored patients, the steps, two limits. They look alike, but no two colours may be the same.
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "registryCurves",
        "label": "Curves of the registry",
        "description": "each colour four times",
        "isDefault": False,
        "colors": [
            hue + shade
            for hue in ("#0072B", "#D55E0", "#009E7", "#CC79A", "#56B4E", "#E69F0", "#00000")
            for shade in "0123"
        ],
    }
]
