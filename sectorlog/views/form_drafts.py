"""The draft of a form: its wording, its fields, their order; published or thrown away.

Each page carries the draft's state. Was it changed meanwhile, the page comes back with 409 and all that was typed;
it carries the new state then, so that saving once more is meant.
"""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sectorlog.forms.form_templates import FieldForm, WordingForm, wording_of
from sectorlog.models import FormTemplate, FormVersion
from sectorlog.uniform_forms import design as form_design
from sectorlog.uniform_forms import publishing as form_publishing
from sectorlog.uniform_forms.design import changes, field_of, kind_name, state_of
from sectorlog.uniform_forms.publishing import draft_of, in_force, locked
from sectorlog.views.form_templates import changeable_form

if TYPE_CHECKING:
    from officers.models import User

ORDER = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
def form_start(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Start a new version from the one in force (POST); where there is a draft, lead to it."""
    template = changeable_form(request, uuid)
    if request.method != "POST":
        return redirect("sectorlog:form_detail", uuid)
    form_publishing.start_version(locked(template), by=cast("User", request.user))
    return redirect("sectorlog:form_draft", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def form_draft(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change a draft's name and purpose; the same request moves or removes a field, or leads on to another page."""
    template = changeable_form(request, uuid)
    if request.method == "POST":
        return _save_draft(request, locked(template))
    if (draft := draft_of(template)) is None:
        return _no_draft(request, template)
    return _draft_page(request, template, draft, WordingForm(initial=wording_of(draft)))


def _no_draft(request: HttpRequest, template: FormTemplate) -> HttpResponse:
    messages.info(request, _("This form has no draft now. Start a new version to change it."))
    return redirect("sectorlog:form_detail", template.uuid)


def _save_draft(request: HttpRequest, template: FormTemplate) -> HttpResponse:
    draft, form = draft_of(template), WordingForm(request.POST)
    if draft is None or request.POST.get("state") != state_of(draft):
        form.is_valid()
        return _draft_page(request, template, draft, form, status=409)
    if not form.is_valid():
        return _draft_page(request, template, draft, form, status=422)
    act, _colon, key = request.POST.get("act", "").partition(":")
    if act in ORDER:
        draft.fields = form_design.moved(draft.fields, key, ORDER[act])
    elif act == "remove":
        draft.fields = form_design.without(draft.fields, key)
    draft.name, draft.purpose = form.name, form.purpose
    draft.save(update_fields=["name", "purpose", "fields"])
    return _after(request, template, act, key)


def _after(request: HttpRequest, template: FormTemplate, act: str, key: str) -> HttpResponse:
    """Lead to where the button says; back to the draft after saving, to the field that was moved."""
    draft = reverse("sectorlog:form_draft", args=[template.uuid])
    match act:
        case "change":
            return redirect(_field_url(template, key))
        case "add" | "preview" | "publish":
            pages = {
                "add": "sectorlog:form_field",
                "preview": "sectorlog:form_preview",
                "publish": "sectorlog:form_publish",
            }
            return redirect(pages[act], template.uuid)
        case "up" | "down":
            return redirect(f"{draft}#field-{key}" if field_of(draft_fields(template), key) else draft)
    messages.success(request, _("The draft is saved."))
    return redirect(draft)


def draft_fields(template: FormTemplate) -> list[form_design.Field]:
    draft = draft_of(template)
    return draft.fields if draft else []


def _field_url(template: FormTemplate, key: str) -> str:
    return f"{reverse('sectorlog:form_field', args=[template.uuid])}?{urlencode({'key': key})}"


def _draft_page(
    request: HttpRequest,
    template: FormTemplate,
    draft: FormVersion | None,
    form: WordingForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "template": template,
        "draft": draft,
        "form": form,
        "state": state_of(draft) if draft else "",
        "is_conflict": status == 409,
        "in_force": in_force(template),
        "fields": [(one, kind_name(one)) for one in draft.fields] if draft else [],
        "is_full": draft is not None and len(draft.fields) >= form_design.MOST_FIELDS,
        "most_fields": form_design.MOST_FIELDS,
    }
    return render(request, "sectorlog/form_draft.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def form_field(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add a field to the draft, or change the one whose key the address gives."""
    template = changeable_form(request, uuid)
    key = request.GET.get("key", "")
    if request.method == "POST":
        return _save_field(request, locked(template), key)
    if (draft := draft_of(template)) is None:
        return _no_draft(request, template)
    if key and field_of(draft.fields, key) is None:
        messages.info(request, _("This field is not in the draft any more."))
        return redirect("sectorlog:form_draft", uuid)
    return _field_page(request, template, draft, _field_form(template, draft, key, None))


def _field_form(
    template: FormTemplate, draft: FormVersion | None, key: str, data: QueryDict | None
) -> FieldForm:
    fields = draft.fields if draft else []
    return FieldForm(
        data,
        field=field_of(fields, key),
        others=form_design.without(fields, key),
        taken=form_publishing.known_keys(template),
    )


def _save_field(request: HttpRequest, template: FormTemplate, key: str) -> HttpResponse:
    draft = draft_of(template)
    form = _field_form(template, draft, key, request.POST)
    act, _colon, row = request.POST.get("act", "").partition(":")
    if act in ("more", "remove", "up", "down"):
        # Without a script: the page with its rows changed, and nothing saved.
        form.rearrange(act, int(row) if row.isdecimal() and len(row) < 4 else -1)
        return _field_page(request, template, draft, form, state=request.POST.get("state", ""))
    if draft is None or request.POST.get("state") != state_of(draft):
        form.is_valid()
        return _field_page(request, template, draft, form, status=409)
    if form.is_valid():
        _check_room(form, draft)
    if form.errors:
        return _field_page(request, template, draft, form, status=422)
    keys = [one["key"] for one in draft.fields]
    field = form.designed(keys)
    draft.fields = form_design.with_field(draft.fields, field)
    draft.save(update_fields=["fields"])
    if act == "another":
        messages.success(request, _("The field is in the draft. Here is room for the next one."))
        return redirect("sectorlog:form_field", template.uuid)
    messages.success(request, _("The field is in the draft."))
    return redirect(f"{reverse('sectorlog:form_draft', args=[template.uuid])}#field-{field['key']}")


def _check_room(form: FieldForm, draft: FormVersion) -> None:
    most = form_design.MOST_FIELDS
    if form.field is None and len(draft.fields) >= most:
        sentence = ngettext(
            "A form has at most %(most)d field. Remove one first.",
            "A form has at most %(most)d fields. Remove one first.",
            most,
        )
        form.add_error(None, sentence % {"most": most})


def _field_page(
    request: HttpRequest,
    template: FormTemplate,
    draft: FormVersion | None,
    form: FieldForm,
    *,
    status: int = 200,
    state: str | None = None,
) -> HttpResponse:
    current = state_of(draft) if draft else ""
    context: dict[str, Any] = {
        "template": template,
        "draft": draft,
        "form": form,
        "state": current if state is None else state,
        "is_conflict": status == 409,
        "now": form.field and (form.field, kind_name(form.field)),
        "is_changing": bool(request.GET.get("key")),
        "with_choices": sorted(form_design.WITH_CHOICES),
        "longest_choice": form_design.LONGEST_CHOICE,
    }
    return render(request, "sectorlog/form_field.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def form_publish(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what will be different, then put the draft in force."""
    template = changeable_form(request, uuid)
    is_posted = request.method == "POST"
    draft = draft_of(locked(template) if is_posted else template)
    if draft is None:
        return _no_draft(request, template)
    is_same = request.POST.get("state") == state_of(draft)
    if is_posted and is_same:
        form_publishing.publish(draft, by=cast("User", request.user))
        messages.success(
            request,
            _("Version %(number)d is in force: from now on officers write with it.")
            % {"number": draft.number},
        )
        return redirect("sectorlog:form_detail", uuid)
    before = in_force(template)
    context = {
        "template": template,
        "draft": draft,
        "before": before,
        "changes": changes(before, draft),
        "state": state_of(draft),
        "is_conflict": is_posted and not is_same,
    }
    return render(
        request, "sectorlog/form_publish.html", context, status=409 if context["is_conflict"] else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def form_discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask, then throw the draft away; a form that was never published goes with it."""
    template = changeable_form(request, uuid)
    is_posted = request.method == "POST"
    draft = draft_of(locked(template) if is_posted else template)
    if draft is None:
        return _no_draft(request, template)
    is_same = request.POST.get("state") == state_of(draft)
    if is_posted and is_same:
        messages.success(request, _("The draft is thrown away."))
        if form_publishing.discard(template):
            return redirect("sectorlog:form_detail", uuid)
        return redirect("sectorlog:form_list")
    context = {
        "template": template,
        "draft": draft,
        "in_force": in_force(template),
        "state": state_of(draft),
        "is_conflict": is_posted and not is_same,
    }
    return render(
        request, "sectorlog/form_discard.html", context, status=409 if context["is_conflict"] else 200
    )
