// Keeps what is typed in a contribution's form, by account and passage, until it is handed in: a reload, a closed tab or
// a login that ran out loses nothing. Hooked on [data-unsent]; [data-handed-in] names the token that has arrived.

const PREFIX = "handbook-unsent-";
const KEPT = ["text", "sector", "language", "place", "form_token"];
const KEEP_AFTER_MS = 250;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** Forget what has arrived: its form's token is on the page that says so. */
function forget(token) {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    if (read(key)?.form_token === token) remove(key);
  }
}

function keepTyped(form) {
  const key = `${PREFIX}${form.dataset.unsent}-${form.dataset.unsentAt}`;
  const back = form.querySelector("[data-unsent-back]");
  const fields = KEPT.map((name) => form.elements.namedItem(name)).filter(Boolean);
  const { text } = form.elements;
  const served = fields.map((field) => [field, field.value]);
  let timer = null;

  function keep() {
    clearTimeout(timer);
    if (!text.value.trim()) return remove(key);
    try {
      localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.value]))));
    } catch {
      // No room: the page itself still has it.
    }
  }

  function put(rows) {
    for (const [field, value] of rows) field.value = value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  form.autocomplete = "off";
  const kept = read(key);
  // What the site sent back, refused or from the log, is newer than what is kept.
  if (kept?.text && !text.value) {
    put(fields.filter(({ name }) => name in kept).map((field) => [field, kept[field.name]]));
    back.hidden = false;
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
  });
  window.addEventListener("pagehide", () => text.value !== text.defaultValue && keep());
  form.querySelector("[data-unsent-discard]").addEventListener("click", () => {
    put(served);
    keep();
    back.hidden = true;
    text.focus();
  });
}

for (const page of document.querySelectorAll("[data-handed-in]")) {
  try {
    forget(page.dataset.handedIn);
  } catch {
    // The same as above.
  }
}
for (const form of document.querySelectorAll("[data-unsent]")) keepTyped(form);
