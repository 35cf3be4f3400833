#!/usr/bin/env python3
"""Django's command line for this project; see lti_tool.server.command_line."""

from lti_tool.server.command_line import main

if __name__ == "__main__":
    main()
