"""Run the form on this machine: ``python serve.py``, then open http://127.0.0.1:8000/."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from wsgiref.simple_server import make_server

from advice import Advisor, read_catalogue
from form import make_form

if __name__ == "__main__":
    catalogue = read_catalogue(Path(__file__).with_name("catalogue.csv"))
    today = dt.datetime.now(tz=dt.UTC).date()
    advisor = Advisor(catalogue, country="FR", as_of=today)
    advisor.warm()
    with make_server("127.0.0.1", 8000, make_form(advisor)) as server:
        server.serve_forever()
