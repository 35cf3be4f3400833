"""Everything a teacher or a pupil means by 'worksheet'. Imports lti_tool, never the other way."""
