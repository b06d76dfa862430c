// Completes addresses while they are typed: the combobox pattern of WAI-ARIA, over a field that works without it.
// Hooked on [data-address-box]; the words come from its data attributes.

const DELAY = 150; // milliseconds without a key before we ask
const SHORTEST = 2; // letters from which on a suggestion is worth its bytes

class AddressBox {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.list = box.querySelector("[data-suggestion-list]");
    this.announcement = box.querySelector("[data-announcement]");
    this.answers = new Map();
    this.options = [];
    this.active = -1;
    this.becomeCombobox();
    this.listen();
  }

  becomeCombobox() {
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("autocomplete", "off"); // the browser's own list would lie over ours
  }

  listen() {
    this.input.addEventListener("input", () => this.askSoon());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    // A press on the list must not take the focus from the field, or the list would be gone before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.onClick(event));
  }

  askSoon() {
    clearTimeout(this.timer);
    this.request?.abort();
    const text = this.input.value.trim();
    if (text.length < SHORTEST) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(text), this.answers.has(text) ? 0 : DELAY);
  }

  async ask(text) {
    this.request = new AbortController();
    try {
      this.show(this.answers.get(text) ?? (await this.fetch(text, this.request.signal)));
    } catch (problem) {
      // Stale, offline or refused: the field works on without suggestions.
      if (problem.name !== "AbortError") this.close();
    }
  }

  async fetch(text, signal) {
    const url = `${this.box.dataset.suggestions}?q=${encodeURIComponent(text)}`;
    const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (!response.ok) return [];
    const { suggestions } = await response.json();
    this.answers.set(text, suggestions);
    return suggestions;
  }

  show(suggestions) {
    if (document.activeElement !== this.input) return;
    this.options = suggestions;
    this.list.replaceChildren(...suggestions.map((suggestion, index) => this.option(suggestion, index)));
    this.setOpen(suggestions.length > 0);
    this.bringIntoView();
    this.announce(suggestions.length);
  }

  // On a phone the keyboard covers the lower half: move the field up if the list would lie under it.
  bringIntoView() {
    const visible = window.visualViewport?.height ?? window.innerHeight;
    if (this.isOpen && this.list.getBoundingClientRect().bottom > visible) this.box.scrollIntoView({ block: "start" });
  }

  option(suggestion, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}_${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.className = `suggestion suggestion-${suggestion.kind}`;
    item.dataset.index = index;
    item.textContent = suggestion.text;
    return item;
  }

  announce(count) {
    const { none, one, many } = this.box.dataset;
    this.announcement.textContent = count === 0 ? none : count === 1 ? one : many.replace("#", count);
  }

  setOpen(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.activate(-1);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.setOpen(false);
    this.announcement.textContent = "";
  }

  get isOpen() {
    return !this.list.hidden;
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const item = this.list.children[index];
    if (!item) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  onKey(event) {
    if (event.isComposing) return;
    const last = this.options.length - 1;
    const moves = {
      ArrowDown: () => this.activate(this.active >= last ? 0 : this.active + 1),
      ArrowUp: () => this.activate(this.active <= 0 ? last : this.active - 1),
      Enter: () => this.choose(this.active),
      Escape: () => this.close(),
    };
    if (!this.isOpen) {
      if (event.key === "ArrowDown") this.askSoon();
      return;
    }
    if (!(event.key in moves) || (event.key === "Enter" && this.active < 0)) return;
    event.preventDefault();
    moves[event.key]();
  }

  onClick(event) {
    const item = event.target.closest("[role=option]");
    if (item) this.choose(Number(item.dataset.index));
  }

  // An address is all we need, so it is sent; a street waits for its house number.
  choose(index) {
    const { text, kind } = this.options[index];
    if (kind === "address") {
      this.input.value = text;
      this.close();
      this.input.form.submit();
      return;
    }
    const [street, ...rest] = text.split(",");
    const place = rest.length ? `,${rest.join(",")}` : "";
    this.input.value = `${street} ${place}`;
    this.input.setSelectionRange(street.length + 1, street.length + 1);
    this.askSoon();
  }
}

for (const box of document.querySelectorAll("[data-address-box]")) new AddressBox(box);
