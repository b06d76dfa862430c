// Shows the questions of the form that is chosen, and fetches the forms and parties of another sector. Hooked on
// [data-entry-form]. Without it a button does the same by a new page.

const HIDDEN_WITH_SCRIPT = "[data-show-form], [data-show-sector]";

function showQuestions(form) {
  const chosen = form.querySelector("[data-form-choice]:checked")?.value;
  for (const questions of form.querySelectorAll("[data-form-fields]")) {
    const isChosen = questions.dataset.formFields === chosen;
    questions.hidden = !isChosen;
    questions.disabled = !isChosen;
  }
}

function setUp(form) {
  for (const button of form.querySelectorAll(HIDDEN_WITH_SCRIPT)) button.hidden = true;
  showQuestions(form);
  filterParties(form);
}

// Of a long list of parties those remain whose name holds what is typed, and those that are ticked.
function filterParties(form) {
  const box = form.querySelector("[data-filter]");
  if (!box) return;
  const chips = [...form.querySelectorAll("[data-filtered] .chip")];
  box.hidden = chips.length <= 8;
  const input = box.querySelector("input");
  input.addEventListener("input", () => {
    const sought = input.value.trim().toLocaleLowerCase();
    for (const chip of chips)
      chip.hidden = !chip.textContent.toLocaleLowerCase().includes(sought) && !chip.querySelector("input").checked;
  });
}

async function fetchSector(form, slug) {
  const status = form.querySelector("[data-sector-status]");
  status.textContent = "";
  try {
    const answer = await fetch(`${form.action}?${new URLSearchParams({ sector: slug })}`);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of form.querySelectorAll("[data-sector-part]"))
      part.replaceWith(page.querySelector(`[data-sector-part="${part.dataset.sectorPart}"]`));
  } catch {
    status.textContent = status.dataset.offline;
    for (const part of form.querySelectorAll('[data-sector-part="who"] input, [data-sector-part="more"] input'))
      part.checked = false;
  }
  setUp(form);
  form.dispatchEvent(new CustomEvent("entry:sector", { bubbles: true }));
}

for (const form of document.querySelectorAll("[data-party-filter-form]")) filterParties(form);
for (const form of document.querySelectorAll("[data-entry-form]")) {
  setUp(form);
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-form-choice]")) showQuestions(form);
    if (target.matches("[data-sector-choice]")) fetchSector(form, target.value);
  });
}
