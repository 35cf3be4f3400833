"""Tests of the scripts, as modules and on the page of their template, in a real Chromium."""
