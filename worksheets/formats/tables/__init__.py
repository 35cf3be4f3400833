"""Tables as files for spreadsheets: CSV and XLSX written, CSV, XLSX and ODS read.

What is text stays text: no cell is ever a formula, a link or a number that nobody meant.
"""

from .csv_file import write_csv
from .limits import MAX_FILE_BYTES
from .reading import UnreadableTable, read_table
from .table import Cell, Table
from .xlsx_file import write_xlsx

__all__ = [
    "MAX_FILE_BYTES",
    "Cell",
    "Table",
    "UnreadableTable",
    "read_table",
    "write_csv",
    "write_xlsx",
]
