// The page of a new entry: what is typed is kept at every keystroke, and what is saved goes into the queue before it
// is sent, so that neither the network nor the session nor this tab can lose it. Where nothing can be kept, the form
// works as a plain one and says so.

import { Draft } from "./drafts.js";
import { filesOf, toSend, told } from "./fields.js";
import { ask, LATER, LOGIN, REFUSED, send, SENT } from "./queue.js";
import * as store from "./store.js";
import { offer } from "./unfinished.js";
import { word } from "./words.js";

const STILL_SENDING_MS = 6_000;
const KEPT = { [LATER]: "kept", [LOGIN]: "kept-login", [REFUSED]: "kept-refused" };

class EntryPage {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-entry-status]");
    this.panel = document.querySelector("[data-kept-panel]");
    const { state, create } = document.querySelector("[data-waiting-box]").dataset;
    this.urls = { state, create };
    this.draft = new Draft(form);
    this.isBusy = false;
    form.addEventListener("submit", (event) => this.onSubmit(event));
    // Back by the browser's button to what was sent: a new page, not the old words once more.
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted && this.draft.isOver) location.reload();
    });
    form.addEventListener("entry:unkept", () => this.say(word("unkept")));
    this.ready = this.setUp();
  }

  async setUp() {
    if (!(await store.works())) {
      this.say(word("no-drafts"));
      return false;
    }
    try {
      const kept = await this.draft.begin();
      if (kept) this.say(word("restored"));
      this.showLeft();
    } catch {
      // The store gave out half-way: the form must not be dead, and nobody may think that a draft is kept.
      this.say(word("no-drafts"));
      return false;
    }
    // Other drafts are a help: without them this entry is written and kept all the same.
    await this.draft.others().then(
      (others) => offer(others, this.urls.create),
      () => {},
    );
    return true;
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  /** Answers of a form that is not offered any more: read them, and they are sent with the rest. */
  showLeft() {
    const lines = this.draft.left.filter(({ name }) => name.startsWith("value-"));
    if (!lines.length) return;
    const box = document.querySelector("[data-left]");
    box.hidden = false;
    box.querySelector("[data-left-words]").textContent = lines.map(({ value }) => value).join("\n");
    this.form.before(box);
  }

  async onSubmit(event) {
    const { submitter } = event;
    if (submitter?.name === "show") return;
    event.preventDefault();
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const isKept = await this.ready;
      if (submitter?.hasAttribute("data-source-referral")) await this.refer(submitter);
      else if (isKept) await this.save(submitter);
      else this.sendPlainly(submitter);
    } finally {
      this.isBusy = false;
    }
  }

  entry(submitter) {
    const row = this.draft.row();
    return {
      ...row,
      begunSteps: performance.now() - (Date.now() - row.begun),
      page: performance.timeOrigin,
      sent: toSend(this.form, this.draft.left, submitter),
      files: filesOf(this.form),
      told: told(this.form),
    };
  }

  async save(submitter) {
    if (this.draft.isEmpty) {
      this.say(word("empty"));
      return;
    }
    const entry = this.entry(submitter);
    this.draft.end();
    try {
      await store.enqueue(entry);
    } catch {
      this.draft.resume();
      this.sendPlainly(submitter);
      return;
    }
    this.say(word("sending"));
    const patience = setTimeout(() => this.say(word("still-sending")), STILL_SENDING_MS);
    const { outcome, url } = await send(this.urls, entry.account, entry.uuid);
    clearTimeout(patience);
    if (outcome === SENT) location.assign(url);
    else if (outcome === REFUSED) await this.showRefusal(entry, submitter);
    else this.showKept(outcome);
  }

  showKept(outcome) {
    this.say("");
    this.form.hidden = true;
    this.panel.hidden = false;
    this.panel.querySelector("[data-kept-words]").textContent = word(KEPT[outcome]);
    // Without a network that page is not here.
    this.panel.querySelector("[data-kept-home]").hidden = outcome === LATER;
    this.panel.focus();
  }

  /** The site says what is wrong, beside each field, by its own page. The draft waits for that page. */
  async showRefusal(entry, submitter) {
    const here = await ask(this.urls).catch(() => null);
    if (here?.account !== entry.account) {
      this.showKept(REFUSED);
      return;
    }
    await store.takeBack(entry);
    this.draft.resume();
    this.sendPlainly(submitter, here.csrf);
  }

  /** Let the browser send the form: a new page answers. */
  sendPlainly(submitter, csrf) {
    const known = new FormData(this.form);
    for (const { name, value } of this.draft.left) if (!known.has(name)) this.hide(name, value);
    if (submitter?.name) this.hide(submitter.name, submitter.value);
    if (csrf) this.form.elements.namedItem("csrfmiddlewaretoken").value = csrf;
    this.form.submit();
  }

  hide(name, value) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    this.form.append(input);
  }

  /** To source handling, and from this phone: but only once the site is there and knows who asks. */
  async refer(submitter) {
    const here = await ask(this.urls).catch(() => undefined);
    if (here?.account !== this.draft.account) {
      this.say(word(here === undefined ? "refer-offline" : "refer-login"));
      return;
    }
    this.draft.end();
    await store.removeDraft(this.draft.uuid).catch(() => {});
    this.form.action = submitter.formAction;
    this.form.enctype = submitter.formEnctype;
    this.sendPlainly(submitter, here.csrf);
  }
}

const form = document.querySelector("[data-entry-form]");
if (form) new EntryPage(form);
