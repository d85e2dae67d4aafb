"""An authenticator app: the codes of RFC 6238, worked out without the site's own code."""

import base64
import hashlib
import hmac
import struct
import time


def code_of(secret: str) -> str:
    """Return the six digits that an app shows now for a key in base32."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, counter, hashlib.sha1)
    start = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"
