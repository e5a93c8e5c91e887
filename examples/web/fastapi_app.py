"""A web service in FastAPI: a file goes in, its footprint and its page come out.

Run it with ``uvicorn fastapi_app:app``.  The registry of plugins is built once, when the service
starts; a request reads its file in memory, and every error of reen is an answer that says what to
mend, never a page of Python.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, Response

import reen

app = FastAPI(title="Footprint of a fleet")
REGISTRY = reen.default_registry()

#: Bytes of a file that are accepted.
MOST = 20_000_000


@app.exception_handler(reen.ReenError)
async def told(_: Request, error: reen.ReenError) -> JSONResponse:
    """Answer with what is wrong with the file or the options."""
    return JSONResponse({"error": type(error).__name__, "message": str(error)}, status_code=422)


async def _measured(
    request: Request, name: str, method: str, as_of: str | None
) -> reen.Footprint | Response:
    data = await request.body()
    if len(data) > MOST:
        return JSONResponse({"message": f"at most {MOST} bytes"}, status_code=413)

    def work() -> reen.Footprint:
        fleet = reen.read(data, name=name, registry=REGISTRY)
        return reen.measure(fleet, method, by="equipment_type", as_of=as_of, registry=REGISTRY)

    return await run_in_threadpool(work)  # it computes: other requests go on meanwhile


@app.post("/footprint")
async def footprint(
    request: Request, name: str = "parc.csv", method: str = "base-carbone", as_of: str | None = None
) -> Response:
    """Return the footprint of the file in the body, as `reen.stored.json_schema` describes it."""
    found = await _measured(request, name, method, as_of)
    if isinstance(found, Response):
        return found
    return Response(reen.stored.footprint_to_json(found), media_type="application/json")


@app.post("/page", response_class=HTMLResponse)
async def page(
    request: Request,
    name: str = "parc.csv",
    method: str = "base-carbone",
    lang: str = "fr",
    as_of: Annotated[str | None, "reference date"] = None,
) -> Response:
    """Return the same as HTML for people, in their language."""
    found = await _measured(request, name, method, as_of)
    if isinstance(found, Response):
        return found
    with reen.language(lang):
        return HTMLResponse(found._repr_html_())
