"""The API tokens of an account: list, make, delete."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.tokens import TooManyTokens, issue
from accounts.views import UserRequest
from codes.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@limited("RATELIMIT_FORMS", group="forms", methods=("POST",))
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth publishes no types
@never_cache
def tokens(request: UserRequest) -> HttpResponse:
    """List the user's tokens; a POST makes one and shows it, this once.

    One query beside session, user and the three by which allauth finds out how to ask again.
    """
    form = TokenForm(request.POST or None, user=request.user)
    made = ""
    if form.is_valid():
        try:
            made = issue(user=request.user, name=form.cleaned_data["name"])
        except TooManyTokens as error:
            form.add_error(None, str(error))
    context = {
        "form": TokenForm(user=request.user) if made else form,
        "made": made,
        "made_name": form.cleaned_data["name"] if made else "",
        "tokens": ApiToken.objects.filter(user=request.user),
    }
    status = 400 if form.is_bound and not made else 200
    return render(request, "accounts/tokens.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("RATELIMIT_FORMS", group="forms", methods=("POST",))
@login_required
@never_cache
def delete_token(request: UserRequest, token: int) -> HttpResponse:
    """Ask first; a POST deletes the token, which stops working at once."""
    shown = get_object_or_404(ApiToken, user=request.user, pk=token)
    if request.method != "POST":
        return render(request, "accounts/delete_token.html", {"token": shown})
    shown.delete()
    messages.success(request, f"The token “{shown.name}” has been deleted. It no longer works.")
    return redirect("accounts:tokens")
