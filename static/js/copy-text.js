// "Copy": puts the text of the element that [data-copy-text] names on the clipboard. Stays hidden where there is none.

function enable(box) {
  const source = document.getElementById(box.dataset.copyText);
  const said = box.querySelector("[role=status]");
  box.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      said.textContent = box.dataset.copied;
    } catch {
      // Not allowed: the text is marked, so that the keyboard copies it.
      window.getSelection().selectAllChildren(source);
    }
  });
  box.hidden = false;
}

if (navigator.clipboard) {
  for (const box of document.querySelectorAll("[data-copy-text]")) enable(box);
}
