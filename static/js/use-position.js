// "Use my position": asks the browser where it is and leads to /find/. Hooked on [data-use-position], which stays
// hidden where there is no script or no geolocation; the words come from its data attributes.

const OPTIONS = { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 };

function enable(box) {
  const button = box.querySelector("button");
  const message = box.querySelector("[role=status]");
  const reasons = { 1: box.dataset.denied, 2: box.dataset.unavailable, 3: box.dataset.timeout };

  function go({ coords }) {
    const query = new URLSearchParams({ lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6) });
    window.location.assign(`${box.dataset.url}?${query}`);
  }

  function explain(problem) {
    button.removeAttribute("aria-disabled");
    message.textContent = reasons[problem.code] ?? box.dataset.unavailable;
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true"); // not `disabled`: that would throw away the focus
    message.textContent = box.dataset.waiting;
    navigator.geolocation.getCurrentPosition(go, explain, OPTIONS);
  });
  // Back to this page by the browser's button: it stands as it was left.
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    message.textContent = "";
  });
  box.hidden = false;
}

if ("geolocation" in navigator) {
  for (const box of document.querySelectorAll("[data-use-position]")) enable(box);
}
