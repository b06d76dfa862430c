"""What can be wrong with an address file as a whole, and with one record of it."""


class AddressFileError(Exception):
    """The file cannot be imported. The message says why and what to do; nothing of the file is in the register."""


class BadRecord(Exception):
    """One record cannot be imported. The message is the reason that goes into the report."""
