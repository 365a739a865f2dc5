"""Postbacks of an ad network, sent to the program's own web server and to rivals."""
