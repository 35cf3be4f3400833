"""The Django app of worksheets, attempts and marks."""

from django.apps import AppConfig


class WorksheetsConfig(AppConfig):
    name = "worksheets"
