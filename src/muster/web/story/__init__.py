"""The story of the demonstration: in five minutes from a commune that is behind to a citizen who asks for the card."""
