"""What became of a contribution meanwhile: told to an editor who comes second."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handbook.models import Contribution, ContributionStep

Kind = ContributionStep.Kind


def what_happened(contribution: Contribution) -> str:
    """Return as a sentence what happened to it last, by whom."""
    moved = contribution.steps.filter(kind=Kind.MOVED)
    last = contribution.steps.exclude(pk__in=moved).select_related("by").order_by("-pk").first()
    if last is None:
        return _("It is now: %(state)s.") % {"state": contribution.get_state_display()}
    sentences = {
        Kind.SUBMITTED: _("It waits to be taken up."),
        Kind.TAKEN_UP: _("%(name)s took it up meanwhile."),
        Kind.ASKED: _("%(name)s has asked the contributor something meanwhile."),
        Kind.ANSWERED: _("The contributor has answered meanwhile."),
        Kind.INSERTED: _("%(name)s inserted it in the handbook meanwhile."),
        Kind.REWORDED: _("%(name)s worded it anew meanwhile."),
        Kind.DECLINED: _("%(name)s declined it meanwhile."),
        Kind.WITHDRAWN: _("The contributor has withdrawn it meanwhile."),
        Kind.TAKEN_OUT: _("%(name)s took it out of the handbook meanwhile."),
    }
    return sentences[Kind(last.kind)] % {"name": last.by}
