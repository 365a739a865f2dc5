"""The web server: the status page, figures and health checks, and Telegram's webhook.

It imports `i18n`, `ledger` and no other room. `build_web` makes the application, `WebServer` serves
it; `viewbank` hands in what they need. This folder's parent, `http/`, never gets an `__init__.py`:
it would hide the standard library's `http`.
"""
