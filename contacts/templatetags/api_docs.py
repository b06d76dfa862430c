"""How the documentation writes what the OpenAPI document says."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def with_code(text: str) -> SafeString:
    """Mark up what stands between back quotes as code."""
    pieces = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", piece) if index % 2 else piece,)
            for index, piece in enumerate(pieces)
        ),
    )
