// While somebody writes, a worker looks for the number that goes with the form (contacts/messages/proof_of_work.py).
// Hooked on [data-proof-of-work]. Sending waits for it for some seconds at most: without it the site shows the
// message for a second look. What is written is never touched.

const PATIENCE = 5000;

function prove(form) {
  const field = form.elements.work;
  const { worker: url, key, bits, sending } = form.dataset;
  const status = form.querySelector("[data-proof-status]");
  let worker = null;
  let waiting = null; // what is to be done once the number is there

  function begin() {
    if (worker) return;
    worker = new Worker(url);
    worker.addEventListener("message", ({ data }) => {
      field.value = data;
      waiting?.();
    });
    worker.addEventListener("error", () => waiting?.());
    worker.postMessage({ key, bits: Number(bits) });
  }

  function send() {
    waiting = null;
    worker?.terminate();
    form.dataset.sent = "true";
    form.submit();
  }

  form.addEventListener("input", begin);
  form.addEventListener("focusin", begin);
  form.addEventListener("submit", (event) => {
    // Pressed twice: the first one is on its way.
    if (waiting || form.dataset.sent) return event.preventDefault();
    status.textContent = sending;
    if (field.value || !worker) {
      form.dataset.sent = "true";
      return undefined;
    }
    event.preventDefault();
    waiting = send;
    window.setTimeout(() => waiting?.(), PATIENCE);
    return undefined;
  });
  // Back to this page by the browser's button: it can be sent again.
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    status.textContent = "";
  });
  // The form again, with what was written in it: whoever presses Send at once need not wait.
  if (form.elements.text.value) begin();
}

if ("Worker" in window) {
  for (const form of document.querySelectorAll("[data-proof-of-work]")) prove(form);
}
