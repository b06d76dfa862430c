"""The OpenAPI document as people read it: operations, their parameters and answers, and the shapes of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

Schema = dict[str, Any]
_NAMES = {"number": "number", "integer": "whole number", "boolean": "true or false", "string": "text"}
_FORMATS = {"date-time": "instant (ISO 8601)", "date": "day (ISO 8601)", "uuid": "UUID"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is; `shape` is the name of a shape that is described further down."""

    text: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter of a request, or a field of a shape."""

    name: str
    kinds: tuple[Kind, ...]
    about: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Reply:
    status: str
    about: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    about: tuple[str, ...]
    parameters: tuple[Part, ...]
    replies: tuple[Reply, ...]

    @property
    def anchor(self) -> str:
        return slugify(self.name.replace("_", "-"))


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    about: str
    parts: tuple[Part, ...]


def operations(document: Schema) -> tuple[Operation, ...]:
    return tuple(
        Operation(
            described["operationId"],
            method.upper(),
            path,
            described["summary"],
            tuple(described.get("description", "").split("\n\n")),
            (*map(_parameter, described["parameters"]), *_body(described)),
            tuple(
                _reply(status, row)
                for status, row in sorted(described["responses"].items())
                if status != "304"
            ),
        )
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    )


def shapes(document: Schema) -> tuple[Shape, ...]:
    """Return the shapes in the order of their names."""
    return tuple(
        Shape(name, schema.get("description", ""), _parts(schema))
        for name, schema in sorted(document["components"]["schemas"].items())
    )


def _parameter(row: Schema) -> Part:
    return Part(row["name"], kinds_of(row["schema"]), row.get("description", ""), row["required"])


def _body(described: Schema) -> tuple[Part, ...]:
    """Return the body of a request as one more parameter; none where nothing is sent."""
    if "requestBody" not in described:
        return ()
    content = described["requestBody"]["content"]
    schema = next(iter(content.values()))["schema"]
    return (Part("body", kinds_of(schema), f"Sent as `{'` or `'.join(content)}`.", is_required=True),)


def _reply(status: str, row: Schema) -> Reply:
    schemas = [content["schema"] for content in row.get("content", {}).values()]
    return Reply(status, row["description"], kinds_of(schemas[-1]) if schemas else ())


def _parts(schema: Schema) -> tuple[Part, ...]:
    required = schema.get("required", ())
    return tuple(
        Part(name, kinds_of(field), field.get("description", ""), name in required)
        for name, field in schema.get("properties", {}).items()
    )


def kinds_of(schema: Schema) -> tuple[Kind, ...]:
    """Say in words what a value may be, one way after the other."""
    if "anyOf" in schema:
        return tuple(kind for one in schema["anyOf"] for kind in kinds_of(one))
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return (Kind(name, name),)
    if schema.get("type") == "array":
        return tuple(Kind(f"list of {kind.text}", kind.shape) for kind in kinds_of(schema["items"]))
    if schema.get("type") == "null":
        return (Kind("empty"),)
    words = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if words:
        return tuple(Kind(f"“{word}”") for word in words)
    return (Kind(_FORMATS.get(schema.get("format", ""), _NAMES.get(schema.get("type", ""), "anything"))),)
