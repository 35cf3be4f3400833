"""Names and times that only a platform needs; shared ones are in `protocol.vocabulary`."""

from typing import Final

BASIC_OUTCOME_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
EXT_CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/ext"

AUTH_REQUEST_SECONDS: Final = 120
ID_TOKEN_SECONDS: Final = 60
ACCESS_TOKEN_SECONDS: Final = 3600
