"""A view in Django: a form sends a file, the page of its footprint comes back.

A project of one file, to be read in one go: ``python django_app.py runserver``.  In a project of
your own, `upload` is the view and nothing else is needed; the text of reen is escaped by reen.
"""

from __future__ import annotations

import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import mark_safe

import reen

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["localhost", "127.0.0.1", "testserver"],
        DEBUG=False,
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="an example, which keeps no session",  # noqa: S106 - nothing is signed with it
    )
    django.setup()

FORM = """
<form method="post" enctype="multipart/form-data">
<input type="hidden" name="csrfmiddlewaretoken" value="{}">
<label>Fichier <input type="file" name="parc" required></label> <button>Mesurer</button>
</form><p role="status">{}</p>{}
"""


def upload(request: HttpRequest) -> HttpResponse:
    """Show the form, and below it what became of the file."""
    said, result, status = "", "", 200
    if request.method == "POST":
        sent = request.FILES["parc"]
        try:
            fleet = reen.read(sent.read(), name=sent.name)
            found = reen.measure(fleet, "base-carbone", by="equipment_type")
            with reen.language("fr"):
                result = mark_safe(found._repr_html_())  # noqa: S308 - reen escapes it
        except reen.ReenError as error:
            said, status = str(error), 422
    return HttpResponse(format_html(FORM, get_token(request), said, result), status=status)


urlpatterns = [path("", upload)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
