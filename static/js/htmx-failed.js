// What htmx could not replace in place is never silent: a page that was asked for is opened the
// plain way, so that the server says what is wrong; a change that failed is said to have failed.
for (const kind of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(kind, ({ detail }) => {
    const { verb } = detail.requestConfig;
    if (verb === "get") return location.assign(detail.pathInfo.finalRequestPath);
    document.getElementById("htmx-failed")?.remove();
    const notice = document.createElement("p");
    notice.id = "htmx-failed";
    notice.className = "notice notice--error";
    notice.setAttribute("role", "alert");
    notice.textContent = "This did not work. Please wait a moment and try again.";
    document.querySelector("main").prepend(notice);
  });
}
