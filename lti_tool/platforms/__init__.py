"""Registrations, deployments and invitations, which decide who may launch, and our own keys."""
