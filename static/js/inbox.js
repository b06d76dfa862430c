// The inbox. [data-mark-read]: that the message has been read is said once somebody really sees it, without a press.
// [data-once]: a form that is on its way is not sent a second time by a second press.

const mark = document.querySelector("[data-mark-read]");

async function markRead() {
  const body = new FormData(mark);
  body.append("by", "page");
  const answer = await fetch(mark.action, { method: "POST", body, redirect: "manual" });
  if (answer.status !== 204) return;
  const done = document.createElement("p");
  done.className = "quiet";
  done.setAttribute("role", "status");
  done.textContent = mark.dataset.done;
  mark.replaceWith(done);
}

function whenSeen(act) {
  if (document.visibilityState === "visible") act();
  else document.addEventListener("visibilitychange", act, { once: true });
}

// Without a network the button stays, and says the same.
if (mark) whenSeen(() => markRead().catch(() => {}));

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-disabled")) event.preventDefault();
    else button.setAttribute("aria-disabled", "true");
  });
}

// Back from the next page, the form can be sent again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] [aria-disabled]")) {
    button.removeAttribute("aria-disabled");
  }
});
