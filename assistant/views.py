"""The pages of CasePilot: the conversation, its history, votes, an answer as text."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import viewer
from assistant import actions, streaming
from assistant.actions import NoQuestionLeft
from assistant.conversations import Conversation, Turn
from assistant.forms import TOPICS, WITHOUT_CODE, FeedbackForm, QuestionForm, StartForm
from assistant.pages import conversation_context, left
from assistant.people import Person, person_of
from assistant.showing import as_text, may_show
from codes import identifiers
from codes.forms import PageForm
from codes.limits import limited

CONVERSATIONS_PER_PAGE = 30
_ASKING = limited("RATELIMIT_SEARCH", group="casepilot", methods=("POST",))
_READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@_READ_OR_POST
@_ASKING
@cache_control(private=True, no_cache=True)
def casepilot(request: HttpRequest) -> HttpResponseBase:
    """Show the empty question box, or begin a conversation with a question.

    A GET fills the box at most: only a question that is sent is counted.
    """
    person = person_of(request)
    if request.method == "POST":
        return _asked(request, person, None)
    form = StartForm(request.GET)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    recent = Conversation.objects.of(person)[:3]
    context = {
        "initial": form.question(),
        "once": uuid.uuid4(),
        "left": left(person),
        "recent": recent,
        "topics": [(name, WITHOUT_CODE[key]) for key, (name, _) in TOPICS.items()],
    }
    return render(request, "assistant/casepilot.html", context)


@_READ_OR_POST
@_ASKING
@cache_control(private=True, no_cache=True)
def conversation(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Show the person's own conversation, or go on with it."""
    person = person_of(request)
    shown = get_object_or_404(Conversation.objects.of(person), pk=pk)
    if request.method == "POST":
        return _asked(request, person, shown)
    return render(request, "assistant/conversation.html", conversation_context(shown, person))


@_READ_OR_POST
@_ASKING
@never_cache
def delete_conversation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, and delete a conversation on a POST."""
    person = person_of(request)
    shown = get_object_or_404(Conversation.objects.of(person), pk=pk)
    if request.method != "POST":
        return render(request, "assistant/delete_conversation.html", {"conversation": shown})
    shown.delete()
    messages.success(request, "The conversation has been deleted.")
    return redirect("assistant:history" if person.user else "casepilot")


@require_safe
@login_required
@cache_control(private=True, no_cache=True)
def history(request: HttpRequest) -> HttpResponse:
    """List the user's conversations, the newest first; two queries beside session and user."""
    form = PageForm(request.GET)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    own = Conversation.objects.of(Person(viewer.signed_in(request))).with_size()
    pages = Paginator(own, CONVERSATIONS_PER_PAGE)
    number = form.cleaned_data["page"] or 1
    if number > pages.num_pages:
        raise Http404("There is no such page of conversations.")
    context = {"page_obj": pages.page(number), "keep_days": settings.ASSISTANT_KEEP_DAYS}
    return render(request, "assistant/history.html", context)


@_READ_OR_POST
@limited("RATELIMIT_FORMS", group="forms", methods=("POST",))
@login_required
@never_cache
def delete_history(request: HttpRequest) -> HttpResponse:
    """Ask, and delete all conversations of the user on a POST."""
    person = person_of(request)
    if request.method != "POST":
        size = Conversation.objects.of(person).count()
        return render(request, "assistant/delete_history.html", {"size": size})
    actions.forget_all(person=person)
    messages.success(request, "All your conversations have been deleted.")
    return redirect("assistant:history")


@require_POST
@_ASKING
@never_cache
def feedback(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take what the asker thinks of an answer; one query and one statement beside who asks."""
    turn = get_object_or_404(Turn.objects.of(person_of(request)), pk=pk)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    data = form.cleaned_data
    turn.judge(
        vote=Turn.Vote.UP if data["vote"] == "up" else Turn.Vote.DOWN,
        complaint=data["complaint"],
        comment=identifiers.mask(data["comment"]).text[:500],
    )
    if request.headers.get("X-Fragment") == "feedback":
        return render(request, "assistant/_feedback.html", {"turn": turn})
    return redirect(turn)


@require_safe
@never_cache
def turn_text(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Return an answer as plain text with numbered citations; two queries beside who asks."""
    turn = get_object_or_404(Turn.objects.of(person_of(request)), pk=pk)
    if not may_show(turn.modes, actions.display_modes()):
        raise Http404("The licence of what this answer says has changed.")
    text = as_text(turn.question, turn.answer, settings.SITE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


# --- Asking -------------------------------------------------------------------------------------


def _asked(
    request: HttpRequest, person: Person, conversation: Conversation | None
) -> HttpResponseBase:
    """Answer the question that was sent: as a stream for the script, else by a redirect to it."""
    token = None
    if person.user is None and not person.guest:
        token = viewer.new_token()
        person = Person(None, viewer.guest_key(token), person.address)
    form = QuestionForm(request.POST)
    response: HttpResponseBase
    if not form.is_valid():
        response = _refused(request, person, conversation, form, status=400)
    else:
        response = _answered(request, person, conversation, form)
    if token is not None:
        viewer.set_cookie(response, token)  # type: ignore[arg-type]  # a stream sets cookies, too
    return response


def _answered(
    request: HttpRequest, person: Person, conversation: Conversation | None, form: QuestionForm
) -> HttpResponseBase:
    data = form.cleaned_data
    try:
        turn, found = actions.ask(
            person=person,
            question=data["question"],
            once=data["once"],
            conversation=conversation,
        )
    except NoQuestionLeft as spent:
        return _refused(request, person, conversation, form, status=429, spent=spent)
    if streaming.is_wanted(request):
        return streaming.respond(request, person, turn, found)
    return redirect(turn)


def _refused(
    request: HttpRequest,
    person: Person,
    conversation: Conversation | None,
    form: QuestionForm,
    *,
    status: int,
    spent: NoQuestionLeft | None = None,
) -> HttpResponse:
    """Say why a question is not answered, and keep what was typed."""
    context: dict[str, Any] = {"form": form, "spent": spent, "left": left(person)}
    if streaming.is_wanted(request):
        return render(request, "assistant/_refused.html", context, status=status)
    typed = str(form.data.get("question", ""))[:2_000]
    context |= {"initial": typed, "once": uuid.uuid4()}
    if conversation is not None:
        context = conversation_context(conversation, person) | context
        return render(request, "assistant/conversation.html", context, status=status)
    context["topics"] = [(name, WITHOUT_CODE[key]) for key, (name, _) in TOPICS.items()]
    return render(request, "assistant/casepilot.html", context, status=status)
