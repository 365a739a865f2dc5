"""The web server: whether Viewbank is well, and what stands in its book, for people and programs.

It imports the ledger and no other room. `build_web` makes the application, `WebServer` serves
it; `viewbank` hands in what they need. This folder's parent, `http/`, never gets an
`__init__.py`: it would hide the standard library's `http`.
"""
