"""The services and pages of courses with Canvas's flavour."""
