"""The forms of the people's side: appointments, periods, accounts."""
