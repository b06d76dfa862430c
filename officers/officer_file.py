"""The CSV file that officers are imported from: its columns, how large it may be, why one is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from sectors.csv_files import CsvFile, CsvFileError, Layout, Sentences, read_csv

# A station's officers are some hundreds.
MOST_LINES = 2_000
MOST_BYTES = 500_000

# What a column may be called, in English and Danish; written in lower case, without spaces, dots and hyphens.
COLUMNS = {
    "name": ("name", "fullname", "navn", "fuldenavn"),
    "title": ("title", "rank", "titel", "stilling", "stillingsbetegnelse"),
    "phone": ("phone", "telephone", "phonenumber", "telefon", "telefonnummer", "tlf", "tlfnr", "mobil"),
    "email": ("email", "mail", "emailaddress", "emailadresse", "mailadresse"),
    "sector": ("sector", "sectornumber", "sectorno", "sektor", "sektornummer", "sektornr"),
    "role": ("role", "rolle", "funktion"),
    "begins": ("from", "begins", "start", "fra", "begynder", "startdato", "fradato"),
}
REQUIRED = ("name", "phone", "email")


class OfficerFileError(CsvFileError):
    """The file is none of officers; the text is a sentence that says what to do."""


LAYOUT = Layout(
    COLUMNS,
    REQUIRED,
    MOST_LINES,
    MOST_BYTES,
    OfficerFileError,
    Sentences(
        too_large=gettext_lazy("The file is larger than 500 kB. Import the officers in several files."),
        too_many=gettext_lazy("The file has more than %(most)d officers. Import them in several files."),
        nothing_below=gettext_lazy("The file has a line of column names and nobody below it."),
        missing=gettext_lazy(
            "These columns are missing: %(missing)s. The first line must name the columns: %(all)s."
        ),
        unreadable=gettext_lazy(
            "Line %(line)d cannot be read: a quotation mark is not closed, or stands inside a cell."
        ),
    ),
)


def read_officers(data: bytes) -> CsvFile:
    """Return what the file holds. Raises OfficerFileError when it is no CSV file of officers."""
    return read_csv(data, LAYOUT)
