// Makes drawing up a form comfortable; without it every button here sends the page instead.
// [data-form-field]: choices are shown for the kinds that have them, and added, moved and removed in place.
// [data-form-draft]: who has just moved a field finds the same button again.

function row(of) {
  return of.closest("[data-choice]");
}

function number(rows) {
  rows.forEach((one, index) => {
    for (const button of one.querySelectorAll("button[name=act]")) {
      button.value = `${button.value.split(":")[0]}:${index}`;
      const label = button.getAttribute("aria-label");
      button.setAttribute("aria-label", label.replace(/\d+/, String(index + 1)));
    }
    for (const input of one.querySelectorAll("input[type=text]")) {
      const language = input.name.replace("choice_", "");
      input.id = `choice-${language}-${index + 1}`;
      input.parentElement.querySelector("label").htmlFor = input.id;
    }
  });
}

function emptied(one) {
  for (const input of one.querySelectorAll("input")) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  one.querySelector(".field-error")?.remove();
  one.classList.remove("has-error");
  return one;
}

function enableChoices(form) {
  const box = form.querySelector("[data-choices]");
  const list = box.querySelector("ol");
  const kind = form.querySelector("[name=kind]");
  const kinds = form.dataset.withChoices.split(" ");

  function show() {
    box.hidden = !kinds.includes(kind.value);
  }

  const acts = {
    up: (one) => one.previousElementSibling?.before(one),
    down: (one) => one.nextElementSibling?.after(one),
    remove(one) {
      const next = one.nextElementSibling ?? one.previousElementSibling;
      if (!next) return emptied(one).querySelector("input[type=text]").focus();
      next.querySelector("input[type=text]").focus();
      one.remove();
    },
    more() {
      const added = emptied(list.lastElementChild.cloneNode(true));
      list.append(added);
      number([...list.children]);
      added.querySelector("input[type=text]").focus();
    },
  };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=act]");
    if (!button) return;
    event.preventDefault();
    acts[button.value.split(":")[0]](row(button));
    number([...list.children]);
    if (button.isConnected && !("choiceMore" in button.dataset)) button.focus();
  });
  kind.addEventListener("change", show);
  show();
}

function returnToField() {
  const field = location.hash.startsWith("#field-") && document.getElementById(location.hash.slice(1));
  field?.querySelector?.("button:not(:disabled)").focus();
}

for (const form of document.querySelectorAll("[data-form-field]")) enableChoices(form);
if (document.querySelector("[data-form-draft]")) {
  // The browser takes the focus away when it scrolls to the field, after the page has loaded.
  window.addEventListener("load", () => setTimeout(returnToField));
}
