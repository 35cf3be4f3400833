"""The WSGI application that gunicorn serves: ``gunicorn lti_tool.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from lti_tool.server.log_filters import hide_tokens_in
from lti_tool.server.request_limits import limit_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_tool.settings")

# gunicorn's loggers have handlers of their own, and name the address of a request that fails.
hide_tokens_in("gunicorn.error", "gunicorn.access")

application = limit_requests(get_wsgi_application())


def _start_deliverer() -> None:
    from django.conf import settings

    from lti_tool.background import deliverer

    if settings.LTI_DELIVER_IN_PROCESS:
        deliverer.start()


_start_deliverer()
