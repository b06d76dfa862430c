/** What the page hands to the scripts: data by json_script, texts with {placeholders}, elements by data-editor. */

export function pageData(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

const texts = pageData("editor-texts") ?? {};

/** A translated text with its placeholders filled in. */
export function text(name, values = {}) {
  return Object.entries(values).reduce((filled, [key, value]) => filled.replaceAll(`{${key}}`, value), texts[name]);
}

export function part(name) {
  return document.querySelector(`[data-editor="${name}"]`);
}

/** Say something to everybody: it is shown, and read out by a screen reader. */
export function announce(message) {
  const status = part("status");
  if (status) status.textContent = message;
}

export function titleOf(sector) {
  return `${sector.number} ${sector.name}`;
}

export function listOf(sectors) {
  return sectors.map(titleOf).join(", ");
}
