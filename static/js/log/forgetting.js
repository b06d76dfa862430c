// Forgets the pages that the service worker kept for working without a network: they name a sector's parties, and
// belong to a login. Loaded by itself where nobody is logged in: whoever logs in here may be somebody else.

export async function forgetPages() {
  if (!("caches" in window)) return;
  const own = (await caches.keys()).filter((name) => /^log-(page|files)/.test(name));
  await Promise.all(own.map((name) => caches.delete(name)));
}

if (document.querySelector("[data-nobody-here]")) forgetPages().catch(() => {});
