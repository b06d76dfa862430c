// How many characters are left, below a field. Hooked on [data-count-for]; nothing is cut: the site says so in words.

function count(line) {
  const field = document.getElementById(line.dataset.countFor);
  const limit = Number(field?.dataset.limit);
  if (!limit) return;

  function tell() {
    // As the site counts: by characters, a line break as one.
    const left = limit - [...field.value].length;
    line.textContent = (left < 0 ? line.dataset.over : line.dataset.left).replace("#", String(Math.abs(left)));
    line.classList.toggle("is-over", left < 0);
    // Read aloud near the end only: not after each letter.
    line.setAttribute("aria-live", left < 100 ? "polite" : "off");
  }

  field.addEventListener("input", tell);
  tell();
}

for (const line of document.querySelectorAll("[data-count-for]")) count(line);
