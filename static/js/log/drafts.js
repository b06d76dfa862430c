// Keeps every keystroke in an entry's form, by account and by the entry's number, until it is sent or thrown away.
// Two tabs write two drafts: each holds its own with a lock for as long as it is open.

import { fill, filesOf, hasPlace, putFiles, read, readServed } from "./fields.js";
import * as store from "./store.js";

const KEEP_AFTER_MS = 250;
const LATE_MS = 700;
// Chosen alone, these are no beginning of an entry.
const NOTHING_YET = new Set(["sector", "form", "place_precision"]);
// The draft that this tab writes: a reload goes on with it.
const OPEN_HERE = "sector-log-draft";

// What was typed in the last moment of a page: the database of a page that goes may be too slow to take it.
const LAST_MOMENT = "sector-log-last-";

const lockOf = (uuid) => `sector-log-draft-${uuid}`;

/** A number for a new entry, as the site makes them too. */
export function freshNumber() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Hold the draft for as long as this page is open. Returns false where another tab has it open. */
function hold(uuid) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    // The page before this one, in a reload, may be a moment late to let go.
    const options = { signal: AbortSignal.timeout(LATE_MS) };
    const held = navigator.locks.request(lockOf(uuid), options, () => {
      resolve(true);
      return new Promise(() => {}); // let go when the page goes, never before
    });
    held.catch(() => resolve(false));
  });
}

/** Take what earlier pages wrote down in their last moment among the drafts. */
async function adoptLastMoments() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(LAST_MOMENT))) {
    try {
      const row = JSON.parse(localStorage.getItem(key));
      if (row) await store.put("drafts", row);
      localStorage.removeItem(key);
    } catch {
      // Broken, or no room for it now: it stays where it is, and the others are taken.
    }
  }
}

async function openElsewhere() {
  if (!navigator.locks) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name));
}

const worth = (rows) => JSON.stringify(rows.filter(({ name }) => !NOTHING_YET.has(name)));

/** Go on with a draft: on the page of its sector, whose forms and parties it may name. */
export function goOn(uuid, sector, createUrl) {
  sessionStorage.setItem(OPEN_HERE, uuid);
  location.assign(sector ? `${createUrl}?${new URLSearchParams({ sector })}` : createUrl);
}

export class Draft {
  constructor(form) {
    this.form = form;
    this.account = form.dataset.account;
    this.number = form.elements.namedItem("uuid");
    // Not what stands there now: somebody may have typed before this script came.
    this.blank = worth(readServed(form));
    this.keptFiles = [];
    // How often something was noted, and how much of it is kept.
    this.noted = 0;
    this.kept = 0;
    this.begun = null;
    this.passedOver = null;
    this.left = [];
    this.timer = null;
    this.isOver = false;
    // The browser's own memory of fields would put back what was sent already.
    form.autocomplete = "off";
    for (const event of ["input", "change", "entry:sector", "entry:position"])
      form.addEventListener(event, () => this.noteSoon());
    window.addEventListener("pagehide", () => this.keepAtOnce());
    document.addEventListener("visibilitychange", () => this.keep());
  }

  get uuid() {
    return this.number.value;
  }

  get isTouched() {
    return worth(read(this.form)) !== this.blank || this.left.length > 0 || filesOf(this.form).length > 0;
  }

  get isEmpty() {
    return worth(read(this.form)) === "[]" && !this.left.length && !filesOf(this.form).length;
  }

  get sector() {
    return new FormData(this.form).get("sector") ?? "";
  }

  /** Take up the draft that this tab had open, or begin a new one. Returns what it puts back, if anything. */
  async begin() {
    await adoptLastMoments();
    const uuid = sessionStorage.getItem(OPEN_HERE);
    const wasRefused = this.form.querySelector("[data-form-errors]") !== null;
    const kept = uuid ? await store.draft(uuid) : null;
    if (kept?.account === this.account && (await hold(uuid))) {
      // Who was quicker than this has the last word: what is typed by now stays.
      if (!this.isTouched || wasRefused) return this.takeUp(kept);
      this.passedOver = uuid;
    }
    // A page out of the phone's own memory has a number that was used; one that was refused keeps its own.
    if (!wasRefused) this.number.value = freshNumber();
    await hold(this.uuid);
    sessionStorage.setItem(OPEN_HERE, this.uuid);
    if (this.isTouched) this.noteSoon();
    return null;
  }

  takeUp(kept) {
    const asked = new URLSearchParams(location.search).get("sector");
    if (kept.sector && kept.sector !== this.sector && kept.sector !== asked) {
      goOn(kept.uuid, kept.sector, this.form.action);
      return kept;
    }
    this.number.value = kept.uuid;
    this.begun = kept.begun;
    if (this.isTouched) {
      this.left = kept.rows.filter((row) => !hasPlace(this.form, row));
      putFiles(this.form, kept.files);
    } else this.left = fill(this.form, kept.rows, kept.files);
    this.keptFiles = filesOf(this.form);
    this.openFilled(kept.rows);
    this.form.querySelector("[data-form-choice]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
    this.form.dispatchEvent(new CustomEvent("entry:restored", { bubbles: true }));
    return kept;
  }

  openFilled(rows) {
    const names = rows.map(({ name }) => name).filter((name) => !NOTHING_YET.has(name));
    for (const details of this.form.querySelectorAll("details"))
      details.open ||= names.some((name) => details.querySelector(`[name="${CSS.escape(name)}"]`));
  }

  noteSoon() {
    if (this.isOver) return;
    this.begun ??= Date.now();
    this.noted += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), KEEP_AFTER_MS);
  }

  row() {
    const { uuid, account, begun, sector } = this;
    return { uuid, account, begun: begun ?? Date.now(), sector, rows: [...read(this.form), ...this.left] };
  }

  /** Write down what is there now. Emptied again, there is nothing to keep. */
  async keep() {
    clearTimeout(this.timer);
    if (this.isOver || this.begun === null) return;
    const { noted } = this;
    try {
      if (this.isTouched) await store.put("drafts", this.row());
      else await store.removeDraft(this.uuid);
      await this.keepFiles();
      this.kept = Math.max(this.kept, noted);
      // Sent while this was being written down.
      if (this.isOver) await store.removeDraft(this.uuid);
    } catch (error) {
      this.form.dispatchEvent(new CustomEvent("entry:unkept", { detail: error }));
    }
  }

  /** The page goes: what the database has not said to have is written down where nothing is waited for. */
  keepAtOnce() {
    const isKept = this.noted === this.kept;
    this.keep();
    if (this.isOver || isKept || !this.isTouched) return;
    try {
      localStorage.setItem(LAST_MOMENT + this.uuid, JSON.stringify(this.row()));
    } catch {
      // No room: the database may be quick enough.
    }
  }

  async keepFiles() {
    const files = filesOf(this.form);
    const isSame = files.length === this.keptFiles.length;
    if (isSame && files.every(({ file }, place) => file === this.keptFiles[place].file)) return;
    this.keptFiles = files;
    await store.put("files", { uuid: this.uuid, account: this.account, files });
  }

  /** The form leaves this page for good: into the queue, or to source handling. */
  end() {
    clearTimeout(this.timer);
    this.isOver = true;
    sessionStorage.removeItem(OPEN_HERE);
    localStorage.removeItem(LAST_MOMENT + this.uuid);
  }

  /** It came back refused: the next page goes on with it. */
  resume() {
    this.isOver = false;
    sessionStorage.setItem(OPEN_HERE, this.uuid);
  }

  /** The drafts of this account that no tab has open. */
  async others() {
    const [drafts, held] = [await store.all("drafts", this.account), await openElsewhere()];
    if (this.passedOver) held.delete(lockOf(this.passedOver));
    return drafts.filter(({ uuid }) => uuid !== this.uuid && !held.has(lockOf(uuid)));
  }
}
