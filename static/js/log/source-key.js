/** The district head's key: made here, its private half saved as a locked file, its public half sent. */

import { makeKey } from "./source-envelope.js";

const SHORTEST_PASSPHRASE = 16;

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

class KeyMaker {
  constructor(form) {
    this.form = form;
    this.progress = this.part("progress");
    form.hidden = false;
    this.part("make").addEventListener("click", () => this.make());
  }

  part(name) {
    return this.form.querySelector(`[data-${name}]`);
  }

  async make() {
    const passphrase = this.part("passphrase").value;
    const problem = this.problemWith(passphrase);
    this.progress.textContent = this.form.dataset[problem || "working"];
    if (problem) return this.part("passphrase").focus();
    this.part("make").disabled = true;
    try {
      this.offer(await makeKey(passphrase));
    } catch {
      this.progress.textContent = this.form.dataset.failed;
      this.part("make").disabled = false;
    }
  }

  problemWith(passphrase) {
    if (passphrase.length < SHORTEST_PASSPHRASE) return "short";
    return passphrase === this.part("again").value ? "" : "different";
  }

  offer({ publicKey, thumbprint, file }) {
    save(file, `${this.form.dataset.fileName}-${thumbprint.slice(0, 8)}.json`);
    this.part("public-key").value = publicKey;
    this.part("thumbprint").value = thumbprint;
    this.part("passphrase").value = this.part("again").value = "";
    this.progress.textContent = this.form.dataset.made;
    this.part("make").hidden = true;
    this.part("use").hidden = false;
    this.part("use").focus();
  }
}

for (const form of document.querySelectorAll("[data-source-key]")) new KeyMaker(form);
