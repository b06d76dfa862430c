/** What was sent to source handling does not come back by the browser's way back. */

const SENT = "source-referral-sent";

function cameBack(event) {
  const [navigation] = performance.getEntriesByType("navigation");
  return event.persisted || navigation?.type === "back_forward";
}

window.addEventListener("pageshow", (event) => {
  if (document.querySelector("[data-source-sent]")) {
    sessionStorage.setItem(SENT, "1");
  } else if (sessionStorage.getItem(SENT) && cameBack(event)) {
    for (const field of document.querySelectorAll("[data-source-typed]")) field.value = "";
  } else {
    sessionStorage.removeItem(SENT);
  }
});
