// "Use my position" in an entry's form: the phone says where it is and how sure it is of that. Nothing is asked
// without a tap, and one more tap takes the position away again. Hooked on [data-use-position].

const OPTIONS = { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 };
const REFUSED = 1;
// A tenth of a second of arc, some metres: no phone knows better.
const DECIMALS = 5;

class Position {
  constructor(form, button) {
    this.form = form;
    this.button = button;
    this.label = button.lastChild;
    this.use = this.label.textContent;
    this.status = form.querySelector("[data-position-status]");
    this.words = { ...button.dataset };
    this.button.addEventListener("click", () => this.onClick());
    form.addEventListener("entry:restored", () => this.show());
    button.hidden = false;
    this.show();
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  get isTaken() {
    return this.field("lat").value !== "" && this.field("lon").value !== "";
  }

  onClick() {
    if (this.button.getAttribute("aria-disabled")) return;
    if (this.isTaken) {
      this.set("", "", "");
      return;
    }
    this.button.setAttribute("aria-disabled", "true"); // not `disabled`: that would throw away the focus
    this.status.textContent = this.words.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.found(coords),
      (problem) => this.failed(problem),
      OPTIONS,
    );
  }

  found({ latitude, longitude, accuracy }) {
    this.set(latitude.toFixed(DECIMALS), longitude.toFixed(DECIMALS), String(Math.ceil(accuracy)));
  }

  failed({ code }) {
    this.button.removeAttribute("aria-disabled");
    const { failed, refused = failed } = this.words;
    this.status.textContent = code === REFUSED ? refused : failed;
  }

  set(lat, lon, accuracy) {
    this.field("lat").value = lat;
    this.field("lon").value = lon;
    this.field("accuracy").value = accuracy;
    this.button.removeAttribute("aria-disabled");
    this.show();
    this.form.dispatchEvent(new CustomEvent("entry:position", { bubbles: true }));
  }

  show() {
    const accuracy = this.field("accuracy").value;
    const exact = accuracy ? ` (± ${accuracy} m)` : "";
    this.status.textContent = this.isTaken ? `${this.words.found}${exact}` : "";
    this.label.textContent = this.isTaken ? this.words.remove : this.use;
  }
}

const form = document.querySelector("[data-entry-form]");
const button = form?.querySelector("[data-use-position]");
if (button && "geolocation" in navigator) new Position(form, button);
