/** What was sent to source handling does not come back by the browser's way back. */

const SENT = "source-referral-sent";

/** The fields of source handling's own form, and those that a reminder takes along, on whichever page. */
function typedFields() {
  const named = [...document.querySelectorAll(".source-reminder [name=source_fields]")];
  const taken = named.flatMap(({ form, value }) => [...(form?.elements ?? [])].filter(({ name }) => name === value));
  return [...document.querySelectorAll("[data-source-typed]"), ...taken];
}

function cameBack(event) {
  const [navigation] = performance.getEntriesByType("navigation");
  return event.persisted || navigation?.type === "back_forward";
}

window.addEventListener("pageshow", (event) => {
  if (document.querySelector("[data-source-sent]")) {
    sessionStorage.setItem(SENT, "1");
  } else if (sessionStorage.getItem(SENT) && cameBack(event)) {
    for (const field of typedFields()) field.value = "";
  } else {
    sessionStorage.removeItem(SENT);
  }
});
