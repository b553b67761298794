"""Write the syntax tree of a Python file as JSON. The file comes on standard input; nothing of it is run."""
import ast
import json
import sys

SKIPPED = ("ctx", "type_comment", "kind", "type_params", "simple", "is_async", "lineno")


def tree(node):
    out = {"k": type(node).__name__}
    if getattr(node, "lineno", 0):
        out["l"] = node.lineno
    texts, nodes, lists = {}, {}, {}
    if isinstance(node, ast.Constant):
        value = node.value
        kind = type(value).__name__
        texts["type"] = kind
        texts["value"] = value if kind == "str" else repr(value)[:5000]
    else:
        for name, value in ast.iter_fields(node):
            if name in SKIPPED:
                continue
            if isinstance(value, ast.AST):
                nodes[name] = tree(value)
            elif isinstance(value, list):
                lists[name] = [tree(v) if isinstance(v, ast.AST) else {"k": "None" if v is None else "Text",
                                                                     "t": {"value": str(v)}} for v in value]
            elif value is not None:
                texts[name] = str(value)
    for key, part in (("t", texts), ("n", nodes), ("a", lists)):
        if part:
            out[key] = part
    return out


def main():
    if sys.version_info < (3, 8):
        return {"error": "python3 is older than 3.8: install a newer one"}
    source = sys.stdin.buffer.read()
    try:
        return {"tree": tree(ast.parse(source))}
    except SyntaxError as e:
        where = "line %d: " % e.lineno if e.lineno else ""
        return {"error": "%sit is not Python %d.%d (%s)" % (where, sys.version_info[0], sys.version_info[1], e.msg)}
    except (RecursionError, MemoryError):
        return {"error": "it is nested too deep"}
    except (ValueError, LookupError) as e:
        return {"error": "it is not Python (%s)" % e}


print(json.dumps(main()))
