"""Hold the house rules no linter knows: sizes, migrations, closed tables, templates, texts; fail with every breach."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "muster"
FILE_LINES = 400
FUNCTION_LINES = 60


def sizes() -> Iterator[str]:
    """Yield every file past 400 lines and every function past 60."""
    for path in [*SOURCE.rglob("*.py"), *(ROOT / "bench").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]:
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        if (lines := text.count("\n")) > FILE_LINES:
            yield f"{name}: {lines} lines; a file has at most {FILE_LINES}"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION_LINES:
                    yield f"{name}:{node.lineno}: {node.name} has {size} lines; the most is {FUNCTION_LINES}"


def migrations() -> Iterator[str]:
    """Yield what the models say and no migration does; asks no database."""
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "1"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "muster.config.settings", "MUSTER_TESTING": "1"}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    if result.returncode != 0:
        yield f"models and migrations differ:\n{result.stdout}{result.stderr}"


def closed_tables() -> Iterator[str]:
    """Yield every room with tables that import-linter does not close to others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    closed = {module for contract in contracts for module in contract.get("protected_modules", ())}
    for path in sorted([*SOURCE.glob("*/models.py"), *SOURCE.glob("*/models/")]):
        if f"muster.{path.parent.name}.models" not in closed:
            yield f"{path.relative_to(ROOT)}: no contract in pyproject.toml closes these tables to other rooms"


def templates() -> Iterator[str]:
    """Yield every template that does not compile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
    import django  # noqa: PLC0415 - settings come first
    from django.template import TemplateSyntaxError, engines  # noqa: PLC0415

    django.setup()
    for folder in engines["jinja2"].template_dirs:
        for path in sorted(Path(folder).rglob("*.html")):
            try:
                engines["jinja2"].get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError as error:
                yield f"{path.relative_to(ROOT)}: {error}"


def texts() -> Iterator[str]:
    """Yield every text of the screens that a language lacks, or whose places differ between languages."""
    from muster.ui import texts as screens  # noqa: PLC0415 - loaded when asked

    yield from screens.faults()


def main() -> None:
    """Run every check; exit 1 with the list of breaches, 0 with one line when there are none."""
    breaches = [breach for check in (sizes, migrations, closed_tables, templates, texts) for breach in check()]
    print("\n".join(breaches) or "house rules hold: sizes, migrations, closed tables, templates, texts")
    sys.exit(bool(breaches))


if __name__ == "__main__":
    main()
