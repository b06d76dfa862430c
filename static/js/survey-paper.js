// Sheets of paper, typed in by their numbers: a digit chooses the answer and goes on to the next question.
// Hooked on [data-survey-paper]. Enter sends the form, as in any other.

function start(form) {
  const questions = [...form.querySelectorAll("fieldset")];
  const save = form.querySelector("[type=submit]");

  function choices(question) {
    return [...question.querySelectorAll("input[type=radio]")];
  }

  function enter(question) {
    const all = choices(question);
    (all.find((choice) => choice.checked) ?? all[0]).focus();
  }

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
    const place = questions.findIndex((question) => question.contains(document.activeElement));
    if (place < 0) return;
    const all = choices(questions[place]);
    const choice = event.key === "0" ? all.at(-1) : all.slice(0, -1)[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    const next = questions[place + 1];
    if (next) enter(next);
    else save.focus();
  });

  // Hands stay on the keys from one sheet to the next; errors are read first.
  if (!form.querySelector("[role=alert]")) enter(questions[0]);
}

for (const form of document.querySelectorAll("[data-survey-paper]")) start(form);
