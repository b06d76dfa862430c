"""What officers contribute: handed in, reviewed, inserted or declined."""
