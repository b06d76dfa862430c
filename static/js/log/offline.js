// Starts the service worker of the log, which keeps the page of a new entry for when there is no network, and tells
// it whose page this is: what it kept for somebody else goes.

const box = document.querySelector("[data-waiting-box]");

async function start({ worker, scope, account, create }) {
  try {
    await navigator.serviceWorker.register(worker, { scope });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ account, page: create });
  } catch {
    // Without a network, or where the browser allows none: the log works, but only with a network.
  }
}

if (box?.dataset.account && "serviceWorker" in navigator) start(box.dataset);
