// "You have an unfinished entry from 14:05": above the form, each with a way on and a way out.

import { goOn } from "./drafts.js";
import * as store from "./store.js";
import { when, word } from "./words.js";

const FIRST_WORDS = 80;

function beginningOf({ rows }) {
  const text = rows.find(({ name }) => name === "text")?.value ?? "";
  return text.length > FIRST_WORDS ? `${text.slice(0, FIRST_WORDS)} …` : text;
}

function line(draft, createUrl) {
  const item = document.querySelector("template[data-unfinished-line]").content.firstElementChild.cloneNode(true);
  item.querySelector("[data-when]").textContent = word("unfinished", { when: when(draft.begun) });
  item.querySelector("[data-beginning]").textContent = beginningOf(draft);
  item.querySelector("[data-go-on]").addEventListener("click", () => {
    goOn(draft.uuid, draft.sector, createUrl);
  });
  item.querySelector("[data-discard]").addEventListener("click", async () => {
    if (!confirm(word("discard-sure"))) return;
    await store.removeDraft(draft.uuid);
    item.remove();
    document.querySelector("[data-unfinished]").hidden = !document.querySelector("[data-unfinished] li");
  });
  return item;
}

export function offer(drafts, createUrl) {
  const box = document.querySelector("[data-unfinished]");
  box.hidden = !drafts.length;
  box.querySelector("[data-unfinished-list]").replaceChildren(...drafts.map((draft) => line(draft, createUrl)));
  document.querySelector("[data-entry-form]").before(box);
}
