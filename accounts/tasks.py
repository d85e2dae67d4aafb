"""Jobs of the task queue: ``manage.py procrastinate worker`` runs them."""

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from accounts import actions, mail


class GrowingWaits(BaseRetryStrategy):
    """Try a message again after 1 minute, then 2, 4, 8 … up to 4 hours; for about two days."""

    max_attempts = 18
    longest_wait = 4 * 60 * 60

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or ``None`` to give up; the row keeps the last error."""
        if isinstance(exception, mail.Refused) or job.attempts >= self.max_attempts:
            return None
        return RetryDecision(retry_in={"seconds": min(60 * 2**job.attempts, self.longest_wait)})


@app.task(name=mail.SEND_TASK, queue=mail.QUEUE, retry=GrowingWaits())
def send_mail(mail_id: int) -> None:
    """Send one stored message (accounts/mail.py); running it again is harmless."""
    mail.deliver(mail_id)


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="accounts.retry_stalled_jobs",
    queueing_lock="accounts.retry_stalled_jobs",
    pass_context=True,
)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Run again what a worker was doing when it died; every ten minutes."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=120):
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="31 3 * * *")
@app.task(name="accounts.purge_mail", queueing_lock="accounts.purge_mail")
def purge_mail(timestamp: int) -> None:
    """Forget old mails, to whom they went and when; nightly."""
    mail.purge_old()


@app.periodic(cron="36 3 * * *")
@app.task(name="accounts.purge_jobs", queueing_lock="accounts.purge_jobs", pass_context=True)
async def purge_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that ended a week ago, however they ended; nightly."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=7 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="23 * * * *")
@app.task(name="accounts.purge_views", queueing_lock="accounts.purge_views")
def purge_views(timestamp: int) -> None:
    """Forget what guests viewed in periods that have ended; every hour, mostly for nothing."""
    actions.purge_expired()


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.purge_sessions", queueing_lock="accounts.purge_sessions")
def purge_sessions(timestamp: int) -> None:
    """Forget sessions that have expired, with the addresses and browsers noted of them; nightly."""
    actions.purge_sessions()
