"""What an accusation rests on, in hand: one page that can be forwarded, kept and checked without this program."""
