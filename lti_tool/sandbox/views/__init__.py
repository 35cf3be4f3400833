"""Views: pages for people, and the platform's side of LTI 1.3 for the tool."""
