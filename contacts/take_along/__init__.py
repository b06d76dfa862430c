"""What a citizen takes along: a contact card, a QR code, a calendar, a feed. Made of public facts alone."""
