// What waits on this phone, on every page of the log: how many entries, why, and what to do about those that the site
// did not take. Sends them whenever it can. Hooked on [data-waiting-box]; shows the account's own and nobody else's.

import { freshNumber, goOn } from "./drafts.js";
import { keepTrying, LOGIN, TRIED } from "./queue.js";
import * as store from "./store.js";
import { counted, when, word } from "./words.js";

class Waiting {
  constructor(box) {
    this.box = box;
    const { account, state, create } = box.dataset;
    this.account = account;
    this.urls = { state, create };
    this.words = box.querySelector("[data-waiting-words]");
    this.login = box.querySelector("[data-waiting-login]");
    this.list = box.querySelector("[data-waiting-list]");
    this.sent = 0;
    this.isLoggedOut = false;
    window.addEventListener(store.CHANGED, () => this.show());
    window.addEventListener(TRIED, ({ detail }) => this.hear({ ...detail, count: 0 }));
    this.show();
    keepTrying(this.urls, account, (result) => this.hear(result));
  }

  hear({ outcome, count }) {
    this.sent += count;
    this.isLoggedOut = outcome === LOGIN;
    this.show();
  }

  async show() {
    const entries = await store.all("queue", this.account).catch(() => []);
    const waiting = entries.filter(({ isRefused }) => !isRefused);
    const refused = entries.filter(({ isRefused }) => isRefused);
    const sentences = [];
    if (this.sent) sentences.push(counted("sent", this.sent));
    if (waiting.length && !this.isLoggedOut) sentences.push(counted("waits", waiting.length));
    if (refused.length) sentences.push(counted("refused", refused.length));
    this.say(sentences.join(" "));
    this.login.hidden = !(waiting.length && this.isLoggedOut);
    if (!this.login.hidden) this.login.textContent = counted("login", waiting.length);
    this.list.replaceChildren(...refused.map((entry) => this.line(entry)));
    this.box.classList.toggle("is-empty", !sentences.length && this.login.hidden);
  }

  say(sentence) {
    if (this.words.textContent !== sentence) this.words.textContent = sentence;
  }

  line(entry) {
    const item = this.box.querySelector("template[data-waiting-line]").content.firstElementChild.cloneNode(true);
    const text = entry.told.map(([label, words]) => `${label.replace(/[?:]$/, "")}: ${words}`).join("\n");
    item.querySelector("[data-when]").textContent = when(entry.begun);
    item.querySelector("[data-sentence]").textContent = entry.sentences.join(" ") || word("not-taken");
    item.querySelector("[data-told]").textContent = text;
    item.querySelector("[data-mend]").addEventListener("click", () => this.mend(entry));
    item.querySelector("[data-copy]").addEventListener("click", () => this.copy(text, item));
    item.querySelector("[data-delete]").addEventListener("click", () => this.remove(entry));
    return item;
  }

  /** Nothing was saved under its old number; the new one is nobody's. */
  async mend(entry) {
    const uuid = freshNumber();
    await store.takeBack(entry, uuid);
    goOn(uuid, entry.sector, this.urls.create);
  }

  async copy(text, item) {
    const said = item.querySelector("[data-said]");
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = word("copied");
    } catch {
      // Refused, or an old browser: the text is there to be marked.
      item.querySelector("details").open = true;
      getSelection().selectAllChildren(item.querySelector("[data-told]"));
      said.textContent = word("marked");
    }
  }

  async remove(entry) {
    if (confirm(word("delete-sure"))) await store.remove("queue", entry.uuid);
  }
}

const box = document.querySelector("[data-waiting-box]");
if (box?.dataset.account) new Waiting(box);
