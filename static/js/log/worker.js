// The service worker of the log. It keeps one page, that of a new entry, with the files that it needs, so that an
// entry can be begun without a network. It keeps no other page, answers for no other, and sends nothing. The page
// names the sector's parties: it goes at logout (leaving.js) and when another account logs in.

const PAGES = "log-page";
const FILES = "log-files";
// A network that answers later than this is no network.
const PATIENCE_MS = 4_000;
const FRESH_MS = 12 * 60 * 60 * 1000;
// The names of published files carry a hash of what they hold: such a file never changes.
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
// Kept is kept, whatever the request's headers say.
const AS_IT_IS = { ignoreVary: true };
const LINKED = /(?:src|href)="([^"]+\.(?:js|css|svg))"/g;
const IMPORTED = /(?:from|import)\s*"(\.[^"]+)"/g;

const scope = new URL(self.registration.scope).pathname;
const PAGE = `${scope}entries/new/`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(page(event));
  } else if (["script", "style", "image"].includes(request.destination)) {
    event.respondWith(file(request));
  }
});

self.addEventListener("message", (event) => event.waitUntil(see(event.data)));

/** Keep the page for this account, and nothing for any other. */
async function see({ account, page: address }) {
  if (new URL(address, location.origin).pathname !== PAGE) return;
  const kept = await keptPage();
  const isOwn = kept && (await kept.clone().text()).includes(`data-account="${account}"`);
  if (kept && !isOwn) await Promise.all([caches.delete(PAGES), caches.delete(FILES)]);
  const age = Date.now() - Date.parse(kept?.headers.get("date") ?? 0);
  if (isOwn && Math.abs(age) < FRESH_MS) return;
  const answer = await fetch(PAGE, { cache: "no-store" }).catch(() => null);
  if (answer) await keep(answer);
}

const keptPage = async () => (await caches.open(PAGES)).match(PAGE, AS_IT_IS);

async function keep(answer) {
  if (!answer.ok || answer.redirected) return;
  const text = await answer.clone().text();
  // Only the form itself: not a page that says that there is nothing to write.
  if (!text.includes("data-entry-form")) return;
  await (await caches.open(PAGES)).put(PAGE, answer);
  const needed = [...text.matchAll(LINKED)].map(([, address]) => new URL(address, location.origin).href);
  await keepFiles(needed.filter((address) => new URL(address).origin === location.origin));
}

async function keepFiles(addresses) {
  const files = await caches.open(FILES);
  const needed = new Set(addresses);
  for (const address of needed) {
    const text = await keepFile(files, address);
    if (!address.endsWith(".js")) continue;
    for (const [, other] of text.matchAll(IMPORTED)) needed.add(new URL(other, address).href);
  }
  for (const request of await files.keys()) if (!needed.has(request.url)) await files.delete(request);
}

async function keepFile(files, address) {
  const kept = HASHED.test(address) ? await files.match(address, AS_IT_IS) : null;
  if (kept) return kept.text();
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return "";
  await files.put(address, answer.clone());
  return answer.text();
}

const late = (value) => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, value));

/** The page from the network; the kept one where that fails, breaks down, or keeps one waiting. */
async function page(event) {
  const asked = fetch(event.request);
  const kept = await keptPage();
  if (!new URL(event.request.url).search) event.waitUntil(asked.then((answer) => keep(answer.clone())).catch(() => {}));
  if (!kept) return asked;
  try {
    const answer = await Promise.race([asked, late(kept)]);
    return answer.status >= 500 ? kept : answer;
  } catch {
    return kept;
  }
}

async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request, AS_IT_IS);
  if (!kept) return fetch(request);
  if (HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    return await Promise.race([fetch(request), late(kept)]);
  } catch {
    return kept;
  }
}
