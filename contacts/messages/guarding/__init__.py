"""What guards the message form without cookies and third parties (decision 0018)."""
