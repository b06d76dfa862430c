/** Sending the changed areas to the server. On any failure everything stays in the browser. */

import { part, text } from "./page.js";

/** The cookie is newer than the page when somebody logged in again in another tab. */
function csrfToken() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("[name=csrfmiddlewaretoken]").value;
}

export async function loadAreas(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** Returns {version} or {problems: [{sentence, lon, lat}]}. */
export async function saveAreas(url, version, changes) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" },
      body: JSON.stringify({ version, ...changes }),
    });
  } catch {
    return { problems: [{ sentence: text("save_unreachable") }] };
  }
  if (response.redirected || response.status === 403) return { problems: [{ sentence: text("save_logged_out") }] };
  try {
    return await response.json();
  } catch {
    return { problems: [{ sentence: text("save_failed") }] };
  }
}

export function showProblems(problems, onShow) {
  const list = part("problems");
  list.replaceChildren(
    ...problems.map(({ sentence, lon, lat }) => {
      const item = document.createElement("li");
      item.append(sentence);
      if (Number.isFinite(lon)) item.append(" ", showButton(() => onShow(lon, lat)));
      return item;
    }),
  );
  part("refused").hidden = problems.length === 0;
}

function showButton(onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text("show_on_map");
  button.addEventListener("click", onClick);
  return button;
}
