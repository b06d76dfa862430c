// Passes a page on: by the device's own way of sharing where there is one, else by copying its address; and prints it.
// Hooked on [data-share] and [data-print], whose buttons stay hidden where there is no script.

function enableShare(box) {
  const button = box.querySelector("[data-share-button]");
  const message = box.querySelector("[role=status]");
  const url = box.querySelector("[data-share-address]").textContent;

  async function copy() {
    try {
      await navigator.clipboard.writeText(url);
      message.textContent = box.dataset.copied;
    } catch {
      message.textContent = box.dataset.failed; // no right to, or no secure connection
    }
  }

  button.addEventListener("click", async () => {
    message.textContent = "";
    if (!navigator.share) {
      await copy();
      return;
    }
    try {
      await navigator.share({ title: box.dataset.title, url });
    } catch (problem) {
      if (problem.name !== "AbortError") await copy(); // whoever thinks better of it wants no copy either
    }
  });
  button.hidden = false;
}

for (const box of document.querySelectorAll("[data-share]")) enableShare(box);

for (const item of document.querySelectorAll("[data-print]")) {
  item.querySelector("button").addEventListener("click", () => window.print());
  item.hidden = false;
}

// A link to a folded notice opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  const folded = target?.closest("details");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView();
}

window.addEventListener("hashchange", openTarget);
openTarget();
