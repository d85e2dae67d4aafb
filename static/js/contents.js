// Marks, in the list of contents, the part of the page that is being read.
const links = new Map(
  [...document.querySelectorAll(".contents a[href^='#']")].map((link) => [
    link.getAttribute("href").slice(1),
    link,
  ])
);

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id).setAttribute("aria-current", "true");
    }
  },
  { rootMargin: "-10% 0px -75% 0px" }
);

for (const id of links.keys()) {
  const part = document.getElementById(id);
  if (part) observer.observe(part);
}
