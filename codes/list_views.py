"""Pages of the user's own lists of codes."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from codes import list_actions as actions
from codes.forms import PageForm
from codes.limits import limited
from codes.list_files import as_file
from codes.list_forms import NAME_TAKEN, AddForm, EntryForm, ListForm, ListStepForm
from codes.list_news import news_of
from codes.list_reading import page_of, shown_of
from codes.lists import MAX_CODES, MAX_LISTS, CodeList, CodeListEntry, RemovedEntry
from codes.models import Code, CodeSystem

_LIMIT = limited("RATELIMIT_SEARCH", group="lists", methods=("POST",))
_READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


_View = Callable[..., HttpResponse]


def _gone_is_404(view: _View) -> _View:
    """Answer 404, as before the view looked, where another window deleted the list meanwhile."""

    @wraps(view)
    def answer(request: Any, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except actions.Gone:
            raise Http404("The list is gone.") from None

    return answer


def _logs_in_as_a_page(view: _View) -> _View:
    """Have htmx open the login where the session has ended, and come back to the page then.

    It follows a redirect by itself, and would put the whole login in place of a button.
    """

    @wraps(view)
    def answer(request: Any, *args: Any, **named: Any) -> HttpResponse:
        if request.user.is_authenticated or "HX-Request" not in request.headers:
            return view(request, *args, **named)
        back = _path_of(request.headers.get("HX-Current-URL", ""))
        if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            back = reverse("codes:lists")
        address = f"{reverse('account_login')}?{urlencode({'next': back})}"
        return HttpResponse(headers={"HX-Redirect": address})

    return answer


def _path_of(address: str) -> str:
    """Return path and query of an address; nothing of what is none."""
    try:
        shown = urlsplit(address)
    except ValueError:
        return ""
    return f"{shown.path}?{shown.query}" if shown.query else shown.path


class MemberRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: AbstractBaseUser  # type: ignore[assignment]  # no guest gets here


@_READ_OR_POST
@_LIMIT
@login_required
@cache_control(private=True, no_cache=True)
def lists(request: MemberRequest) -> HttpResponse:
    """List the user's lists, the last used first, or make one; one query beside the user's."""
    form = ListForm(request.POST or None, owner=request.user)
    if form.is_valid() and (made := _create(request.user, form)):
        return redirect(made)
    own = CodeList.objects.for_user(request.user).with_counts()
    context = {"form": form, "lists": own, "max_lists": MAX_LISTS}
    return render(request, "codes/lists.html", context, status=400 if form.errors else 200)


@_READ_OR_POST
@_LIMIT
@_logs_in_as_a_page
@login_required
@_gone_is_404
@cache_control(private=True, no_cache=True)
def list_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a list with what changed about its codes, or take a step with it as a whole.

    Six queries beside the user's, seven where something changed, however many codes.
    """
    shown = get_object_or_404(CodeList.objects.for_user(request.user), pk=pk)
    if request.method == "POST":
        step = ListStepForm(request.POST)
        if not step.is_valid():
            return render(request, "400.html", status=400)
        _take_step(request, shown, step.cleaned_data["do"])
        return _back(request, shown)
    page = page_of(request, shown)
    if page is None:
        return render(request, "400.html", status=400)
    context = {
        **shown_of(shown, page),
        "news": news_of(shown),
        "removed": _removed(shown),
        "shared_url": settings.SITE_URL + shown.shared_path() if shown.share_token else "",
        "max_codes": MAX_CODES,
    }
    return render(request, "codes/list.html", context)


@_READ_OR_POST
@_LIMIT
@login_required
@_gone_is_404
@never_cache
def list_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename a list and say what it is for."""
    renamed = get_object_or_404(CodeList.objects.for_user(request.user), pk=pk)
    form = ListForm(request.POST or None, owner=request.user, renamed=renamed)
    if form.is_valid() and _rename(renamed, request.user, form):
        return redirect(renamed)
    context = {"form": form, "list": renamed}
    return render(request, "codes/list_edit.html", context, status=400 if form.errors else 200)


@_READ_OR_POST
@_LIMIT
@login_required
@never_cache
def list_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, and delete a list with all that it holds on a POST."""
    own = CodeList.objects.for_user(request.user).with_counts()
    deleted = get_object_or_404(own, pk=pk)
    if request.method != "POST":
        return render(request, "codes/list_delete.html", {"list": deleted})
    deleted.delete()
    messages.success(request, f"The list “{deleted.name}” has been deleted.")
    return redirect("codes:lists")


@_READ_OR_POST
@_LIMIT
@_logs_in_as_a_page
@login_required
@_gone_is_404
@never_cache
def list_entry(request: MemberRequest, pk: int, entry: int) -> HttpResponse:
    """Edit the note and the place of a code, or move or remove it with one press."""
    entries = CodeListEntry.objects.of(request.user).visible().filter(list=pk)
    edited = get_object_or_404(entries.select_related("list", "code__system"), pk=entry)
    initial = {"note": edited.note, "position": edited.position}
    form = EntryForm(request.POST or None, initial=initial)
    if form.is_valid():
        _change_entry(edited, form.cleaned_data)
        return _back(request, edited.list)
    context = {"form": form, "entry": edited, "list": edited.list}
    return render(request, "codes/list_entry.html", context, status=400 if form.errors else 200)


@_READ_OR_POST
@_LIMIT
@_logs_in_as_a_page
@login_required
@_gone_is_404
@never_cache
def list_add(request: MemberRequest) -> HttpResponse:
    """Offer the user's lists for the named codes, or add them; htmx gets one line back."""
    is_sent = request.method == "POST"
    form = AddForm(request.POST if is_sent else request.GET)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    codes = _named(form.cleaned_data["code"])
    own = CodeList.objects.for_user(request.user)
    context: dict[str, object] = {"form": form, "codes": codes, "lists": own}
    if not is_sent:
        return render(request, "codes/list_add.html", context)
    try:
        added = _add(request.user, codes, form.cleaned_data)
    except actions.Full as full:
        return render(request, "codes/list_add.html", context | {"error": full}, status=400)
    if "HX-Request" in request.headers:
        return render(request, "codes/_collected.html", {"code": codes[0], "list": added.to})
    messages.success(request, _told(added))
    return HttpResponseRedirect(_next(request, form.cleaned_data["next"], added.to))


@require_safe
@login_required
@never_cache
def list_export(request: MemberRequest, pk: int, file: str) -> HttpResponseBase:
    """Send a list of the user's own as a file; two queries beside the user's."""
    return as_file(get_object_or_404(CodeList.objects.for_user(request.user), pk=pk), file)


def _create(owner: AbstractBaseUser, form: ListForm) -> CodeList | None:
    """Return the new list, or note in the form why there is none."""
    try:
        return actions.create_list(owner=owner, **form.cleaned_data)
    except actions.Full as full:
        form.add_error(None, str(full))
    except actions.NameTaken:  # in another window, since the form looked
        form.add_error("name", NAME_TAKEN)
    return None


def _rename(renamed: CodeList, owner: AbstractBaseUser, form: ListForm) -> bool:
    try:
        actions.rename_list(of=renamed, owner=owner, **form.cleaned_data)
    except actions.NameTaken:
        form.add_error("name", NAME_TAKEN)
    return not form.errors


def _take_step(request: HttpRequest, shown: CodeList, step: str) -> None:
    steps: dict[str, Callable[[], object]] = {
        "share": shown.share,
        "unshare": shown.unshare,
        "seen": lambda: actions.mark_seen(of=shown),
        "sort": lambda: actions.sort_by_code(of=shown),
        "restore": lambda: actions.restore_removed(of=shown),
    }
    try:
        steps[step]()
    except actions.Full as full:
        messages.error(request, str(full))


def _change_entry(edited: CodeListEntry, chosen: dict[str, Any]) -> None:
    step, place = chosen["do"], chosen["position"]
    if step == "remove":
        actions.remove_entry(entry=edited)
    elif step == "save":
        CodeListEntry.objects.filter(pk=edited.pk).update(note=chosen["note"])
        if place and place != edited.position:
            actions.move_entry(entry=edited, to=place)
    else:
        actions.move_entry(entry=edited, to=edited.position + (1 if step == "down" else -1))


def _named(pairs: list[tuple[str, str]]) -> list[Code]:
    """Return the codes of these systems, as they were named; 404 where one is not shown here."""
    wanted = Q()
    for system, display in pairs:
        wanted |= Q(system__slug=system, display=display)
    found = Code.objects.visible().with_page().filter(wanted).select_related("system")
    by_name = {(code.system.slug, code.display): code for code in found}
    if not by_name.keys() >= set(pairs):
        raise Http404("There is no such code.")
    return [by_name[pair] for pair in dict.fromkeys(pairs)]


def _add(owner: AbstractBaseUser, codes: list[Code], chosen: dict[str, Any]) -> actions.Added:
    """Add to the list that is named, else to the chosen one, else to the one used last."""
    note = chosen["note"]
    if name := chosen["name"]:
        return actions.add_to_named(owner=owner, name=name, codes=codes, note=note)
    if chosen["list"]:
        to = get_object_or_404(CodeList.objects.for_user(owner), pk=chosen["list"])
        return actions.add_codes(to=to, codes=codes, note=note)
    return actions.add_to_last(owner=owner, codes=codes, note=note)


def _told(added: actions.Added) -> str:
    """Return what adding did, as a sentence with a link to the list."""
    link = format_html('<a href="{}">{}</a>', added.to.get_absolute_url(), added.to.name)
    if added.new:
        what = added.new[0].display if len(added.new) == 1 else f"{len(added.new)} codes"
        return format_html("{} added to {}.", what, link)
    if len(added.there) == 1:
        return format_html("{} is already in {}.", added.there[0].display, link)
    return format_html("All of these codes are already in {}.", link)


def _next(request: HttpRequest, address: str, to: CodeList) -> str:
    """Return where to go on: the page that was come from if it is ours, else the list."""
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if address and is_ours else to.get_absolute_url()


def _back(request: HttpRequest, to: CodeList) -> HttpResponse:
    """Go back to the page of the list that was being read."""
    page = PageForm(request.GET)
    number = page.cleaned_data["page"] if page.is_valid() else None
    query = f"?{urlencode({'page': number})}" if number else ""
    return HttpResponseRedirect(to.get_absolute_url() + query)


def _removed(shown: CodeList) -> Code | None:
    """Return the code that can be put back, if it may be shown."""
    removed = RemovedEntry.objects.filter(list=shown).select_related("code__system").first()
    is_off = removed and removed.code.system.display_mode == CodeSystem.DisplayMode.OFF
    return None if removed is None or is_off else removed.code
