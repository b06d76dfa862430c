// A click on a calendar strip leads to the very day, not only to its week. Hooked on [data-gap-strip]; without this,
// the strip's own links lead to the first day of the week.

const DAY = 86_400_000; // milliseconds
const DAYS = 91;

function dayAt(strip, x) {
  const box = strip.getBoundingClientRect();
  const number = Math.floor(((x - box.left) / box.width) * DAYS);
  const first = Date.parse(`${strip.dataset.first}T00:00:00Z`);
  return new Date(first + Math.min(Math.max(number, 0), DAYS - 1) * DAY).toISOString().slice(0, 10);
}

document.addEventListener("click", (event) => {
  const strip = event.target.closest?.("[data-gap-strip]");
  const link = event.target.closest?.("a");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!strip || !link || !isPlain) return;
  event.preventDefault();
  const url = new URL(link.href.baseVal ?? link.href, window.location.href);
  url.searchParams.set("on", dayAt(strip, event.clientX));
  window.location.assign(url);
});
