/** A referral is opened here, with the head's key file and passphrase; nothing of it leaves the page. */

import { openKeyFile, openSealed, Problem, readKeyFile } from "./source-envelope.js";

/** A key file has some 4 kB. */
const LARGEST_FILE_BYTES = 64 * 1024;

class Reading {
  constructor(element) {
    this.element = element;
    this.opened = document.querySelector("[data-source-opened]");
    this.sealed = JSON.parse(document.getElementById("sealed").textContent);
    this.file = element.querySelector("input[type=file]");
    this.passphrase = element.querySelector("input[type=password]");
    this.button = element.querySelector("[data-source-open]");
    this.problem = element.querySelector("[data-source-problem]");
    element.hidden = false;
    this.button.addEventListener("click", () => this.open());
    this.passphrase.addEventListener("keydown", (event) => event.key === "Enter" && this.open());
    // A page that is kept for the way back would keep the text as well.
    window.addEventListener("pagehide", () => this.forget());
  }

  async open() {
    this.problem.textContent = this.element.dataset.working;
    this.button.disabled = true;
    try {
      this.show(await openSealed(this.sealed, await this.privateKey()));
      this.problem.textContent = "";
    } catch (error) {
      this.problem.textContent = this.element.dataset[error instanceof Problem ? error.message : "badText"];
    } finally {
      this.button.disabled = false;
    }
  }

  async privateKey() {
    const [file] = this.file.files;
    if (!file) throw new Problem("noFile");
    if (file.size > LARGEST_FILE_BYTES) throw new Problem("badFile");
    const text = await file.text();
    if (readKeyFile(text).thumbprint !== this.element.dataset.thumbprint) throw new Problem("otherKey");
    return openKeyFile(text, this.passphrase.value);
  }

  show({ text, who, when, sector }) {
    const written = new Date(when).toLocaleString(document.documentElement.lang, { timeZone: "Europe/Copenhagen" });
    for (const [name, value] of Object.entries({ text, who, when: written, sector })) {
      this.opened.querySelector(`[data-source-${name}]`).textContent = value;
    }
    this.passphrase.value = "";
    this.element.hidden = true;
    this.opened.hidden = false;
    this.opened.querySelector("h2").focus();
  }

  forget() {
    this.passphrase.value = "";
    for (const place of this.opened.querySelectorAll("dd, p")) place.textContent = "";
    this.opened.hidden = true;
    this.element.hidden = false;
  }
}

const element = document.querySelector("[data-source-reading]");
if (element) new Reading(element);
