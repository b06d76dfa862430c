// The page of the logout: says how many entries have not been sent, and forgets the page that was kept for working
// without a network. What was written stays on the phone until its writer logs in again. Hooked on [data-leaving].

import { forgetPages } from "./forgetting.js";
import * as store from "./store.js";
import { counted } from "./words.js";

const box = document.querySelector("[data-leaving]");

async function warn() {
  const [waiting, drafts] = await Promise.all([
    store.all("queue", box.dataset.account),
    store.all("drafts", box.dataset.account),
  ]);
  const sentences = [];
  if (waiting.length) sentences.push(counted("unsent", waiting.length));
  if (drafts.length) sentences.push(counted("drafts", drafts.length));
  box.querySelector("[data-leaving-words]").textContent = sentences.join(" ");
  box.hidden = !sentences.length;
}

if (box) {
  forgetPages().catch(() => {});
  warn().catch(() => {});
}
