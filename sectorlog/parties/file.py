"""The CSV file that parties are imported from: its columns, how large it may be, why one is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from sectors.csv_files import CsvFile, CsvFileError, Layout, Sentences, read_csv

MOST_LINES = 5_000
MOST_BYTES = 2_000_000

# What a column may be called, in English and Danish; written in lower case, without spaces, dots and hyphens.
COLUMNS = {
    "name": ("name", "party", "navn", "aktør", "virksomhed", "forening"),
    "kind": ("kind", "type", "art", "slags"),
    "address": ("address", "adresse", "vej"),
    "contact": ("contact", "contactname", "contactperson", "kontakt", "kontaktperson", "kontaktnavn"),
    "role": ("role", "title", "rolle", "funktion", "titel", "stilling"),
    "phone": ("telephone", "phone", "phonenumber", "telefon", "telefonnummer", "tlf", "tlfnr", "mobil"),
    "email": ("email", "mail", "emailaddress", "emailadresse", "mailadresse"),
    "interval": ("interval", "intervaldays", "days", "intervaldage", "dage", "besøgsinterval"),
}


class PartyFileError(CsvFileError):
    """The file is none of parties; the text is a sentence that says what to do."""


LAYOUT = Layout(
    COLUMNS,
    ("name",),
    MOST_LINES,
    MOST_BYTES,
    PartyFileError,
    Sentences(
        too_large=gettext_lazy("The file is larger than 2 MB. Import the parties in several files."),
        too_many=gettext_lazy("The file has more than %(most)d lines. Import the parties in several files."),
        nothing_below=gettext_lazy("The file has a line of column names and no party below it."),
        missing=gettext_lazy("There is no column “name”. The first line must name the columns: %(all)s."),
        unreadable=gettext_lazy(
            "Line %(line)d cannot be read: a quotation mark is not closed, or a cell is far too long."
        ),
    ),
    padded=True,
)


def read_parties(data: bytes) -> CsvFile:
    """Return what the file holds. Raises PartyFileError when it is no CSV file of parties."""
    return read_csv(data, LAYOUT)
