"""The platform's side of deep linking: the request, and the strict parser of the response."""
