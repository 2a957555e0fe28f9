"""The architecture's rules that a machine can hold the code to."""

import ast
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("schemas", "transforms", "pipeline")
MODULES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    own = LAYERS.index(path.relative_to(ROOT).parts[0])
    for module in imports(path):
        root = module.split(".")[0]
        if root in LAYERS:
            assert LAYERS.index(root) <= own, f"{path} imports {module}"


def test_schemas_know_no_beam():
    for path in (ROOT / "schemas").rglob("*.py"):
        assert not any(module.startswith("apache_beam") for module in imports(path)), path


def test_kinds_of_events_do_not_import_each_other():
    kinds = ("meeting", "statement", "withdrawal", "trade_figure")
    for kind in kinds:
        path = ROOT / "transforms" / "events" / f"{kind}.py"
        others = {f"transforms.events.{other}" for other in kinds if other != kind}
        assert not others & set(imports(path)), path


def test_feedparser_never_decides_what_to_open():
    # feedparser.parse opens the file or URL that bytes or text name.
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse":
                assert "BytesIO" in ast.unparse(node.args[0]), path


def test_only_the_store_writes_below_the_output():
    for path in MODULES:
        if "store" in path.parts or "commands" in path.parts or path.name == "preflight.py":
            continue
        names = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not names & {"write_text", "write_bytes", "unlink", "rmtree", "write_table"}, path


def test_import_names_are_ours_alone():
    owners = metadata.packages_distributions()
    for name in LAYERS:
        assert set(owners[name]) == {"newsmill"}
