"""Worksheets as teachers and pupils use them. Imports lti_tool, never the other way."""
