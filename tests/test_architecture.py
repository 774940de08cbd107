"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "agents",
    "api",
    "core",
    "evals",
    "feedback",
    "knowledge_graph",
    "retrieval",
    "transcripts",
)
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_PORT_METHODS = 4
SQL_NAMES = frozenset({"select", "insert", "update", "delete", "text"})
# The database handle itself speaks SQL (pragmas, ping, advisory lock), and migrations are SQL.
SQL_ALLOWED = ("core/database.py", "core/migrations/", "core/tables/")

MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_files_and_functions_fit_in_a_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=relative)
def test_package_files_hold_a_docstring_and_nothing_else(path: Path) -> None:
    assert len(tree_of(path).body) == 1


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_the_environment_is_read_in_settings_only(path: Path) -> None:
    if relative(path) == "core/settings.py":
        return
    source = path.read_text(encoding="utf-8")
    assert "os.environ" not in source
    assert "os.getenv" not in source


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_sql_lives_in_store_files_only(path: Path) -> None:
    if path.name == "store.py" or relative(path).startswith(SQL_ALLOWED):
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module in ("sqlmodel", "sqlalchemy"):
            names = {alias.name for alias in node.names}
            assert not names & SQL_NAMES, f"{sorted(names & SQL_NAMES)} imported"


def test_ports_have_at_most_four_methods() -> None:
    for node in ast.walk(tree_of(ROOT / "core" / "ports.py")):
        if isinstance(node, ast.ClassDef):
            methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            assert len(methods) <= MAX_PORT_METHODS, node.name


def test_no_other_distribution_provides_one_of_our_package_names() -> None:
    providers = metadata.packages_distributions()
    for package in PACKAGES:
        assert set(providers.get(package, ["junshi"])) == {"junshi"}, package


def test_nothing_is_left_unfinished() -> None:
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        for mark in ("TODO", "FIXME", "XXX", "NotImplementedError"):
            assert mark not in source, f"{mark} in {relative(path)}"
