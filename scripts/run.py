"""Start everything in the foreground: `make run`, or `.venv/bin/python -m scripts.run`.

Order: port, home folder, secrets, Redis, database and demo, then worker, scheduler and web.
Ctrl-C or SIGTERM ends web, scheduler, worker and Redis, in this order and within ten seconds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from scripts.supervisor import environment, redis
from scripts.supervisor.children import Child, die_with_parent
from scripts.supervisor.environment import StartError
from scripts.supervisor.health import is_alive
from scripts.supervisor.loop import Stopped, Supervisor

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# Django's checks ran while the database was prepared; running them again costs 20 MB a process.
WORKER = (
    "-m celery -q --skip-checks -A config worker --pool=threads --concurrency 4 "
    "-Q mail,celery -O fair --without-gossip --without-mingle --without-heartbeat"
)
# Mail can wait for the length of a page; who waits for a page can not.
WORKER_NICENESS = 10


class Run:
    """One start of Lectern, from the port check to the last child's end."""

    def __init__(self) -> None:
        given = {**environment.read_dotenv(ROOT / ".env"), **os.environ}
        self.host = given.get("HOST") or "127.0.0.1"
        self.port = environment.read_port(given.get("PORT") or "8000")
        self.home = (ROOT / Path(given.get("LECTERN_HOME") or "var").expanduser()).resolve()
        self.is_demo = given.get("LECTERN_DEMO") == "1" or not (
            given.get("DATABASE_URL") or given.get("REDIS_URL")
        )
        self.has_own_redis = not given.get("REDIS_URL")
        self.environment = environment.child_environment(given, self.home, self.host, self.port)
        self.base_url = given.get("BASE_URL") or f"http://127.0.0.1:{self.port}"
        self.environment["BASE_URL"] = self.base_url
        self.folder: Path | None = None
        self.supervisor = Supervisor()

    def child(self, name: str, arguments: str, patience: float) -> Child:
        """Return a child that runs our interpreter."""
        return Child(name, [PYTHON, *arguments.split()], self.environment, patience)

    def start_redis(self, lock: int) -> None:
        """Start the embedded server and tell all children where it is."""
        data = self.home / "redis"
        data.mkdir(mode=0o700, exist_ok=True)
        self.folder = folder = redis.socket_folder(self.home)
        self.environment["REDIS_URL"] = redis.url(folder)
        if "DATABASE_URL" not in self.environment:
            self.environment["LECTERN_EMBEDDED"] = "1"
        command = redis.command(redis.find_server(), data, folder)
        child = Child("redis", command, self.environment, 1.5, signal.SIGTERM, (lock,))
        self.supervisor.start(child)
        self.supervisor.wait_until(lambda: redis.is_up(folder), 30, "Redis")

    def start(self) -> None:
        """Start everything and come back when the site and the worker are ready."""
        began = time.monotonic()
        supervisor = self.supervisor
        environment.check_port(self.host, self.port)
        environment.prepare_home(self.home)
        lock = environment.lock_home(self.home)
        environment.ensure_secrets(self.home)
        if self.has_own_redis:
            self.start_redis(lock)
        demo = " --demo" if self.is_demo else ""
        supervisor.run_to_end(self.child("setup", f"-m scripts.supervisor.prepare{demo}", 1))
        worker = self.child("worker", WORKER, 4)
        worker.niceness = WORKER_NICENESS
        supervisor.start(worker)
        beat = self.child("beat", "-m scripts.supervisor.scheduler", 1)
        beat.command = [*beat.command, str(self.home / "beat-schedule")]
        supervisor.start(beat)
        supervisor.start(self.child("web", "-m gunicorn", 2.5))
        supervisor.wait_until(
            lambda: is_alive(self.host, self.port, self.base_url), 60, "The web server"
        )
        if self.folder is not None:
            folder = self.folder
            supervisor.wait_until(lambda: redis.has_consumer(folder), 60, "The worker")
        self.greet(time.monotonic() - began)

    def greet(self, seconds: float) -> None:
        """Say where Lectern is and, with the demo, how to sign in."""
        say = self.supervisor.say
        say("lectern", f"Ready after {seconds:.1f} s: {self.base_url}/")
        demo = self.read_demo()
        if demo:
            public = f"{self.base_url}/{demo['organisation']}/{demo['conference']}/"
            say("lectern", f"Demo conference: {public}")
            say("lectern", f"Sign in at {self.base_url}/manage/ as {demo['email']}")
            say("lectern", f"Password: {demo['password']}")
        say("lectern", "Ctrl-C stops everything.")

    def read_demo(self) -> dict[str, str]:
        """Return what demo.json says, after writing today's address into it; {} without a demo."""
        path = self.home / "demo.json"
        try:
            demo: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if demo.get("url") != self.base_url:
            demo["url"] = self.base_url
            path.with_suffix(".new").write_text(json.dumps(demo, indent=2) + "\n", encoding="utf-8")
            path.with_suffix(".new").replace(path)
        return demo

    def end(self) -> None:
        """Stop the children and remove a socket folder outside the home."""
        self.supervisor.stop()
        if self.folder is not None:
            environment.remove_quietly(self.folder / redis.NAME)
            if self.folder.parent != self.home:
                environment.remove_quietly(self.folder)


def main() -> int:
    """Run until a signal comes; 1 when something kept us from starting."""
    os.umask(0o077)
    os.chdir(ROOT)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM, os.getppid())
    try:
        run = Run()
    except StartError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    try:
        run.start()
        run.supervisor.run()
    except Stopped:
        pass
    except StartError as problem:
        run.end()
        sys.stderr.write(f"{problem}\n")
        return 1
    run.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
