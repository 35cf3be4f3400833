"""Who may launch: registrations, deployments, invitations, and our own keys."""
