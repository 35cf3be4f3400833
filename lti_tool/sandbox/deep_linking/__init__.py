"""The platform's side of deep linking: the request, and the answer read strictly."""
