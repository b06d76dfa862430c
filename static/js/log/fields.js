// What is typed into an entry's form: read as rows, put back from rows, told in words.

/** What belongs to one sending or one page and not to what was written. */
const NEVER = new Set([
  "csrfmiddlewaretoken",
  "uuid",
  "seconds_ago",
  "source_answer",
  "source_fields",
  "source_sector",
  "show",
]);
const TICKED = new Set(["checkbox", "radio"]);
const BUTTONS = new Set(["submit", "button", "reset", "image"]);

const questionsOf = (control) => control.closest("[data-form-fields]")?.dataset.formFields ?? "";
const written = (form) =>
  [...form.elements].filter(({ name, type }) => name && !NEVER.has(name) && !BUTTONS.has(type));

function valuesOf(control) {
  const { type, checked, value, selectedOptions } = control;
  if (TICKED.has(type)) return checked ? [value] : [];
  return control.tagName === "SELECT" ? [...selectedOptions].map((one) => one.value) : [value];
}

/** The values that came with the page. */
function servedOf(control) {
  const { type, defaultChecked, defaultValue, options, value } = control;
  if (TICKED.has(type)) return defaultChecked ? [value] : [];
  if (control.tagName !== "SELECT") return [defaultValue];
  const served = [...options].filter(({ defaultSelected }) => defaultSelected);
  return (served.length || type === "select-multiple" ? served : [...options].slice(0, 1)).map((one) => one.value);
}

/** The values that came with the page, whatever was typed before the scripts came. */
export const readServed = (form) => read(form, servedOf);

/**
 * Every value in the form, also those in the questions of a form that is not chosen at the moment:
 * { of: the form's version or "", name, value } each.
 */
export function read(form, values = valuesOf) {
  const rows = [];
  for (const control of written(form)) {
    const { name, type } = control;
    if (type === "file" || type === "fieldset") continue;
    for (const value of values(control)) if (value) rows.push({ of: questionsOf(control), name, value });
  }
  return rows;
}

export function filesOf(form) {
  const inputs = written(form).filter(({ type }) => type === "file");
  return inputs.flatMap(({ name, files }) => [...files].map((file) => ({ name, file })));
}

/** Put rows back. Returns those that the page has no place for: a form that is not offered any more. */
export function fill(form, rows, files = []) {
  for (const control of written(form)) {
    if (control.type === "checkbox") control.checked = false;
    else if (!TICKED.has(control.type) && control.tagName !== "SELECT" && control.type !== "file")
      control.value = "";
  }
  const left = rows.filter((row) => !put(form, row));
  putFiles(form, files);
  return left;
}

/** Put kept files back where none are chosen. */
export function putFiles(form, files) {
  for (const input of written(form)) if (input.type === "file" && !input.files.length) putInto(input, files);
}

/** Whether the page has a control for the row at all. */
export const hasPlace = (form, { of, name, value }) =>
  written(form).some(
    (control) =>
      control.name === name &&
      questionsOf(control) === of &&
      (!TICKED.has(control.type) || control.value === value),
  );

function put(form, { of, name, value }) {
  const places = written(form).filter((control) => control.name === name && questionsOf(control) === of);
  for (const control of places) {
    if (TICKED.has(control.type)) {
      if (control.value !== value) continue;
      control.checked = true;
      return true;
    }
    if (control.tagName === "SELECT") {
      const option = [...control.options].find((one) => one.value === value);
      if (!option) continue;
      option.selected = true;
      return true;
    }
    control.value = value;
    return true;
  }
  return false;
}

function putInto(input, files) {
  const own = files.filter(({ name }) => name === input.name);
  if (!own.length || typeof DataTransfer === "undefined") return;
  const chosen = new DataTransfer();
  for (const { file } of own) chosen.items.add(file);
  input.files = chosen.files;
}

/** What is sent: as the browser would, with the rows that the page has no place for. */
export function toSend(form, left, submitter) {
  const sent = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !own(name));
  const known = new Set(sent.map(([name]) => name));
  for (const { name, value } of left) if (!known.has(name)) sent.push([name, value]);
  if (submitter?.name === "source_answer") sent.push([submitter.name, submitter.value]);
  return sent;
}

const own = (name) => NEVER.has(name) && name !== "source_answer";

/** The same in words, to be read and copied by people: [label, words] each. */
export function told(form) {
  const lines = [];
  for (const control of written(form)) {
    if (control.matches(":disabled") || control.type === "hidden" || !control.value) continue;
    if (TICKED.has(control.type) ? control.checked : control.type !== "file")
      lines.push([labelOf(control), wordsOf(control)]);
  }
  return lines.filter(([, words]) => words);
}

function labelOf(control) {
  const legend = control.closest("fieldset")?.querySelector("legend");
  const label = TICKED.has(control.type) ? legend : (control.labels?.[0] ?? legend);
  return label?.textContent.trim() ?? "";
}

function wordsOf(control) {
  if (TICKED.has(control.type)) return control.labels?.[0]?.textContent.trim() ?? control.value;
  if (control.tagName === "SELECT") return [...control.selectedOptions].map(({ text }) => text).join(", ");
  return control.value;
}
