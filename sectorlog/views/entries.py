"""Entries of the log: written, read, corrected, added to."""

from __future__ import annotations

import datetime
import uuid as uuids
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, offered, shown
from contacts.models import Notice
from officers.models import User
from sectorlog.entries.attachments import AttachmentRefused, keep
from sectorlog.entries.reading import answers_of, earlier_wordings, place_in_words, with_all
from sectorlog.entries.writing import WrittenBefore, draft_owner, write, written_before
from sectorlog.forms.entries import EntryForm
from sectorlog.forms.entry_additions import AddendumForm, FilesForm, PromiseForm
from sectorlog.forms.files import FilesLimit, takes_files
from sectorlog.from_messages import follow_up, message_behind, message_to_follow
from sectorlog.models import LogEntry
from sectorlog.permissions import can_add_to_entry, can_close_entry, can_correct_entry
from sectorlog.suggesting import can_suggest_from

# An entry that was written so long after it happened says so.
LATER = datetime.timedelta(minutes=15)
PREFILLED = ("sector", "form", "party", "group", "challenge", "effort")


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files
def entry_create(request: HttpRequest, *, upload: FilesLimit) -> HttpResponse:
    """Take a new entry. The same one sent twice is one entry; what is refused is shown again as it was typed."""
    user = cast("User", request.user)
    given = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    if request.method != "POST":
        return _page(request, EntryForm(user=user, given=given | _of_message(request, user)))
    if (before := _written_before(request)) is not None:
        return _known(request, before)
    form = EntryForm(request.POST, request.FILES, user=user, given=given)
    form.upload = upload
    if "show" in request.POST:
        return _page(request, form.as_typed())
    if not form.is_valid():
        return _refused(request, form)
    try:
        entry = write(form.entry(user), **form.about(), promise=form.promise())
        keep(entry, form.kept_files, by=user)
        follow_up(str(form.cleaned_data["message"]), entry, user)
    except WrittenBefore as before_it:
        return _known(request, before_it.entry)
    except AttachmentRefused as refusal:
        form.add_error("files", str(refusal))
        return _refused(request, form)
    return _written(request, entry, form)


def _of_message(request: HttpRequest, user: User) -> dict[str, str]:
    """Return what an entry begins with that is made from a message."""
    message = message_to_follow(user, request.GET.get("message", ""))
    if message is None:
        return {}
    shown(request, message)
    return {
        "message": str(message.uuid),
        "sector": message.sector.slug,
        "text": message.text,
        "place_text": message.place,
    }


def _written_before(request: HttpRequest) -> LogEntry | None:
    try:
        return written_before(uuids.UUID(request.POST.get("uuid", "")))
    except ValueError:
        return None


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _address(entry: LogEntry) -> str:
    return reverse("sectorlog:entry_detail", args=[entry.uuid])


def _written(request: HttpRequest, entry: LogEntry, form: EntryForm) -> HttpResponse:
    if _wants_json(request):
        answer = {"uuid": str(entry.uuid), "url": _address(entry)}
        return JsonResponse(answer, status=HTTPStatus.CREATED)
    messages.success(request, _("The entry is saved."))
    if form.is_replaced:
        messages.info(
            request,
            _("The form “%(form)s” was changed meanwhile. Your entry keeps it as it was when you wrote.")
            % {"form": form.version},
        )
    return redirect(_address(entry))


def _known(request: HttpRequest, entry: LogEntry) -> HttpResponse:
    """Answer to an entry that is there already: the author's own, sent twice, or somebody else's."""
    nothing_personal(request)
    if entry.author_id != cast("User", request.user).pk:
        sentence = _("This entry cannot be saved under its number. Open a new page and write it there.")
        if _wants_json(request):
            return JsonResponse({"errors": {"uuid": [sentence]}}, status=HTTPStatus.CONFLICT)
        messages.error(request, sentence)
        return redirect("sectorlog:entry_create")
    if _wants_json(request):
        return JsonResponse({"uuid": str(entry.uuid), "url": _address(entry)})
    messages.info(request, _("This entry was saved already. It stands there once."))
    return redirect(_address(entry))


def _refused(request: HttpRequest, form: EntryForm) -> HttpResponse:
    if not _wants_json(request):
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    nothing_personal(request)
    if form.asks_source_question:
        question = {"question": " ".join(map(str, form.non_field_errors())), "words": form.source_signs}
        return JsonResponse(question, status=HTTPStatus.CONFLICT)
    errors = {("form" if name == "__all__" else name): list(lines) for name, lines in form.errors.items()}
    return JsonResponse({"errors": errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(request: HttpRequest, form: EntryForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    nothing_personal(request)
    offered(request, form)
    context = {
        "form": form,
        "sector": form.in_sector,
        "form_choices": list(form.form_choices),
        "owner": draft_owner(cast("User", request.user)),
        "more_is_open": form.is_bound or bool(request.GET.get("challenge") or request.GET.get("effort")),
    }
    return render(request, "sectorlog/entry_create.html", context, status=status)


@require_safe
def entry_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show an entry with all that hangs on it."""
    return entry_page(request, visible_entry(request, uuid))


def visible_entry(request: HttpRequest, uuid: uuids.UUID) -> LogEntry:
    """Return the entry with all that its page shows. Raises Http404 where the account does not read its log."""
    seen = LogEntry.objects.visible_to(cast("User", request.user))
    found: LogEntry = get_object_or_404(with_all(seen), uuid=uuid)
    return found


def entry_page(
    request: HttpRequest, entry: LogEntry, *, status: int = HTTPStatus.OK, **forms: BaseForm
) -> HttpResponse:
    """Show the entry; with forms of what is added to it, one of which may have been refused."""
    user = cast("User", request.user)
    earlier = earlier_wordings(entry)
    named = {*entry.parties.all(), *entry.challenges.all()}
    for was in earlier:
        named.update(was.parties, was.challenges)
    shown(request, [entry, *named, *entry.promises.all()])
    context: dict[str, Any] = {
        "entry": entry,
        "sector": entry.sector,
        "answers": answers_of(entry),
        "earlier": earlier,
        "where": place_in_words(entry),
        "place": {"lat": entry.place.y, "lon": entry.place.x} if entry.place else None,
        "can_correct": can_correct_entry(user, entry),
        "can_close": can_close_entry(user, entry),
        "can_suggest": bool(entry.text) and can_suggest_from(user, entry),
        "was_written_later": entry.written_at - entry.happened_at > LATER,
        "today": timezone.localdate(),
        "from_message": message_behind(entry, user),
        "told": Notice.objects.visible_to(user).filter(about_entry__entry=entry),
    }
    if can_add_to_entry(user, entry):
        new = {
            "addendum_form": AddendumForm(),
            "files_form": FilesForm(entry=entry),
            "promise_form": PromiseForm(),
        }
        context |= {"can_add": True, **new, **forms}
    return render(request, "sectorlog/entry_detail.html", context, status=status)
