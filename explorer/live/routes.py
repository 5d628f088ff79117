"""The server's own routes: a run's events, its frames, and commands to it. Knows requests; not what is sent, not pages.

    GET  …/runs/RUN/events         what happens, as server-sent events, without end
    GET  …/runs/RUN/frames/STEPS   one snapshot, exact
    POST …/runs/RUN/commands       {"id": of this command, "name", "value"}, see training.control

A command is acted on once: whoever is not sure that it came sends it again under the same id, and gets the same answer.
Nothing heavy is imported here: it waits until somebody asks.
"""

import asyncio
import importlib
import re
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from types import ModuleType

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from explorer.errors import ExplorerError
from explorer.live.gate import Doors
from explorer.typed import parse

COMMAND = re.compile(r"[0-9A-Za-z_.-]{1,64}")  # its id
MOST_BODY = 4096  # bytes of a command
MOST_ANSWERS = 1024  # that are kept, over all runs
GONE = "This run is not training any more: continue from one of its snapshots."

_ANSWERS: OrderedDict[tuple[str, str], tuple[int, str]] = OrderedDict()  # run and command → status and sentence
_LOCK = threading.Lock()


def routes(path: str, opened: Doors) -> list[BaseRoute]:
    """The routes under a path such as "/explorer/runs". opened: from whose pages a command may come."""
    return [
        Route(f"{path}/{{run}}/events", _or_sentence(_events)),
        Route(f"{path}/{{run}}/frames/{{steps:int}}", _or_sentence(_frame)),
        Route(f"{path}/{{run}}/commands", _or_sentence(_commands(opened)), methods=["POST"]),
    ]


def _or_sentence(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except ExplorerError as error:
            return _said(404, str(error))

    return answered


async def _events(request: Request) -> Response:
    channel = await _module("channel")
    messages = (await asyncio.to_thread(channel.channel, request.path_params["run"])).listen()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(messages, media_type="text/event-stream", headers=headers)


async def _frame(request: Request) -> Response:
    channel = await _module("channel")
    one = await asyncio.to_thread(channel.channel, request.path_params["run"])
    packed = await asyncio.to_thread(one.packed, request.path_params["steps"], exact=True)
    return Response(packed, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


def _commands(opened: Doors) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")  # a browser sends it with every POST
        if origin is None or not opened.lets_in(origin, request.headers.get("host", "")):
            return _said(403, "A command has to come from a page of this server.")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _said(415, "A command is JSON.")
        body = b""
        try:
            async for part in request.stream():
                body += part
                if len(body) > MOST_BODY:
                    return _said(413, "That is too long for a command.")
            command = parse(body)
        except ClientDisconnect:
            return _said(400, "The command did not come to its end.")
        except ValueError:
            command = None
        identity = command.pop("id", None) if isinstance(command, dict) else None
        if not isinstance(identity, str) or not COMMAND.fullmatch(identity):
            return _said(400, "A command is a JSON object with an id of its own.")
        runs = await _module("runs")
        return _said(*await asyncio.to_thread(_obey_once, runs, request.path_params["run"], identity, command))

    return answer


def _obey_once(runs: ModuleType, run: str, identity: str, command: dict[str, object]) -> tuple[int, str]:
    """Hand a command to its run; the same answer again, and nothing else, where it has come before."""
    with _LOCK:  # in the order in which they come, and not two of the same id at once
        if (run, identity) not in _ANSWERS:
            _ANSWERS[run, identity] = _obey(runs, run, command)
            while len(_ANSWERS) > MOST_ANSWERS:
                _ANSWERS.popitem(last=False)
        return _ANSWERS[run, identity]


def _obey(runs: ModuleType, run: str, command: dict[str, object]) -> tuple[int, str]:
    job = runs.find_job(run)
    if job is None or not job.live:
        return 409, GONE
    try:
        job.command(command)
    except ExplorerError as error:
        return 400, str(error)
    return 200, ""


async def _module(name: str) -> ModuleType:
    return await asyncio.to_thread(importlib.import_module, f"explorer.live.{name}")


def _said(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status, headers={"Cache-Control": "no-store"})
