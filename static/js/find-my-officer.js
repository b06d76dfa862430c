// The box for other sites, "find my officer". Served at /find-my-officer.js with SETTINGS in front: its words.
//
//   <script src="https://…/find-my-officer.js" async data-language="da"></script>
//
// It puts a form in place of its own tag, and of a link to this site right before it. It asks this site alone, sets
// no cookie and keeps nothing. Its looks live in a shadow root: the page around neither changes them nor is changed.

const STYLE = `
:host { all: initial; display: block; box-sizing: border-box; max-width: 30rem; margin: 1rem 0; color-scheme: light dark;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --ink: #12294b; --soft: #45556e; --sheet: #fff; --line: #6d7a8f; --link: #1c4b8f; --lamp: #f5b83d; --focus: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :host { --ink: #eaf0f9; --soft: #b4c0d3; --sheet: #15233a; --line: #8493ab; --link: #9cc3ff; --focus: #ffd479; } }
* { box-sizing: border-box; }
.sheet { padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--sheet); color: var(--ink);
  overflow-wrap: anywhere; }
.title { margin: 0 0 .5rem; font-size: 1.2rem; font-weight: 700; line-height: 1.25; }
label { display: block; font-weight: 600; }
.hint { margin: 0 0 .35rem; color: var(--soft); font-size: .9rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; }
input, button { min-height: 2.75rem; margin: 0; border-radius: .5rem; font: inherit; }
input { flex: 1 1 11rem; min-width: 0; padding: .4rem .7rem; border: 1px solid var(--line); background: var(--sheet);
  color: var(--ink); }
button { flex: 0 1 auto; padding: .4rem 1.2rem; border: 1px solid #8a6212; background: var(--lamp); color: #12294b;
  font-weight: 700; cursor: pointer; }
a { display: inline-block; min-height: 2.75rem; padding: .55rem 0; color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.answer:not(:empty) { margin-top: .75rem; }
.answer p { margin: 0; }
.name { font-size: 1.15rem; font-weight: 700; }
.reach { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
ul { margin: 0; padding: 0; list-style: none; }
.urgent { margin: .75rem 0 0; font-size: .9rem; }
`;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

function wordsFor(script) {
  const wanted = [script.dataset.language, document.documentElement.lang, SETTINGS.language];
  const codes = wanted.map((code) => (code || "").toLowerCase().split("-")[0]);
  const chosen = codes.find((code) => Object.hasOwn(SETTINGS.languages, code));
  return { code: chosen, ...SETTINGS.languages[chosen] };
}

// Where a browser has no constructed style sheets the box stands without style: a form as any other.
function addStyle(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.host.setAttribute("data-without-style", "");
  }
}

// Each of several boxes on a page has a name of its own, by which a screen reader leads to it.
function form(words, site) {
  const number = document.querySelectorAll("[data-find-my-officer]").length + 1;
  const label = number > 1 ? `${words.title} ${number}` : words.title;
  const made = element("form", "", { action: site + words.find, method: "get", role: "search", "aria-label": label });
  const hint = element("p", words.hint, { class: "hint", id: "hint" });
  const row = element("div", "", { class: "row" });
  const input = element("input", "", {
    id: "address",
    name: "q",
    type: "text",
    autocomplete: "street-address",
    enterkeyhint: "search",
    maxlength: "200",
    spellcheck: "false",
    "aria-describedby": "hint",
  });
  row.append(input, element("button", words.button, { type: "submit" }));
  made.append(element("label", words.label, { for: "address" }), hint, row);
  return made;
}

class Box {
  constructor(script) {
    this.site = new URL(script.src).origin;
    this.words = wordsFor(script);
    this.host = element("div", "", { lang: this.words.code, "data-find-my-officer": "" });
    const root = this.host.attachShadow({ mode: "open" });
    addStyle(root);
    const sheet = element("div", "", { class: "sheet" });
    this.form = form(this.words, this.site);
    this.input = this.form.elements.q;
    this.answer = element("div", "", { class: "answer", role: "status", "aria-live": "polite" });
    sheet.append(
      element("p", this.words.title, { class: "title" }),
      this.form,
      this.answer,
      element("p", this.words.urgent, { class: "urgent" }),
    );
    root.append(sheet);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
  }

  async search() {
    const address = this.input.value.trim();
    if (!address) {
      this.say(this.words.empty);
      this.input.focus();
      return;
    }
    this.latest = address;
    this.say(this.words.searching);
    let shown;
    try {
      const url = `${this.site}/api/v1/locate?${new URLSearchParams({ address })}`;
      const response = await fetch(url, { credentials: "omit", referrerPolicy: "strict-origin" });
      const answer = await response.json();
      shown = response.ok ? this.described(answer) : this.refused(response.status, answer);
    } catch {
      shown = [element("p", this.words.failed), this.elsewhere(address)];
    }
    // An answer that was overtaken by a later question is not shown.
    if (this.latest === address) this.answer.replaceChildren(...shown);
  }

  say(sentence) {
    this.answer.replaceChildren(element("p", sentence));
  }

  refused(status, answer) {
    const said = status === 422 ? this.words.empty : this.words.failed;
    return [element("p", said), this.elsewhere(this.latest)];
  }

  described(answer) {
    if (answer.outcome === "ambiguous") return this.choices(answer.choices);
    const near = answer.neighbours ? this.neighbours(answer.neighbours) : [];
    if (answer.sector) return [...this.officer(answer.sector, answer.officer), ...near];
    if (near.length) return near;
    return [element("p", this.words.outside), this.elsewhere(this.latest)];
  }

  officer(sector, officer) {
    if (!officer) {
      return [
        element("p", fill(this.words.vacant, { sector: sector.name })),
        this.link(sector, this.words.sectorPage),
      ];
    }
    const role = officer.is_cover ? this.words.cover : this.words.officer;
    const reach = element("div", "", { class: "reach" });
    const number = officer.phone.replace(/[^0-9+]/g, "");
    if (number) {
      reach.append(element("a", fill(this.words.call, { phone: officer.phone }), { href: `tel:${number}` }));
    }
    reach.append(this.link(sector, this.words.page));
    return [
      element("p", fill(role, { sector: sector.name })),
      element("p", officer.name, { class: "name" }),
      element("p", officer.title),
      reach,
    ];
  }

  neighbours(neighbours) {
    const rows = neighbours.map(({ sector }) => this.link(sector, sector.name));
    return [element("p", this.words.near), this.list(rows)];
  }

  choices(choices) {
    const rows = choices.map(({ address, sector }) =>
      sector ? this.link(sector, `${address}: ${sector.name}`) : element("span", address),
    );
    return [element("p", this.words.ambiguous), this.list(rows)];
  }

  list(rows) {
    const list = element("ul", "", { role: "list" });
    for (const row of rows) {
      const line = element("li");
      line.append(row);
      list.append(line);
    }
    return list;
  }

  // The interface names a sector's page in the site's first language; in the others it is below their home.
  link(sector, text) {
    const path = new URL(sector.url).pathname;
    const first = SETTINGS.languages[SETTINGS.language].home;
    return element("a", text, { href: this.site + this.words.home + path.slice(first.length) });
  }

  elsewhere(address) {
    const query = new URLSearchParams({ q: address });
    return element("a", this.words.elsewhere, { href: `${this.site}${this.words.find}?${query}` });
  }
}

function place(script) {
  const before = script.previousElementSibling;
  const box = new Box(script);
  script.replaceWith(box.host);
  if (before && before.localName === "a" && before.origin === box.site) before.remove();
}

if (document.currentScript && document.currentScript.parentNode !== document.head) place(document.currentScript);
