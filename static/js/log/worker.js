// The service worker of the log. It keeps one page, that of a new entry, for each sector of the account, with the
// files that it needs, so that an entry can be begun without a network. It keeps no other page, answers for no other,
// and sends nothing. The page names a sector's parties: it lies under the token of its account, and goes at logout
// (leaving.js), when the login has ended, when another account logs in, and when it is half a day old.

const PAGES = "log-page-";
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

// Where an account has several sectors, each is a choice.
const SECTOR = /name="sector"\s+value="([^"]+)"/g;

const scope = new URL(self.registration.scope).pathname;
const PAGE = `${scope}entries/new/`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === PAGE) {
    event.respondWith(page(event, url));
  } else if (["script", "style", "image"].includes(request.destination)) {
    event.respondWith(file(request));
  }
});

// One after the other: two pages that open at once do not fetch the same twice.
let seen = Promise.resolve();

self.addEventListener("message", (event) => {
  seen = seen.then(() => see(event.data)).catch(() => {});
  event.waitUntil(seen);
});

// The token of the account that a page is for; "" on a page of nobody.
const OWNER = /data-account="([^"]*)"/;

/** The caches of pages: one, but for the moment in which an account follows another. */
const shelves = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES) || name === "log-page");

/** Forget the pages of every account but this one. Files are nobody's: no page is kept without its own. */
async function forgetOthers(account) {
  const own = account ? PAGES + account : null;
  const others = (await shelves()).filter((name) => name !== own);
  await Promise.all(others.map((name) => caches.delete(name)));
}

const keyOf = (sector) => (sector ? `${PAGE}?${new URLSearchParams({ sector })}` : PAGE);
const isFresh = (answer) => Math.abs(Date.now() - Date.parse(answer.headers.get("date"))) < FRESH_MS;

/** The kept page of whoever was here last. One that is too old goes: what it names may be told to nobody any more. */
async function kept(key) {
  for (const name of await shelves()) {
    const found = await caches.match(key, { ...AS_IT_IS, cacheName: name });
    if (found && isFresh(found)) return found;
    if (found) await (await caches.open(name)).delete(key, AS_IT_IS);
  }
  return null;
}

/** Keep the pages for this account, and nothing for any other. */
async function see({ account, page: address }) {
  // Whichever language's worker hears of it: the pages of all of them go.
  await forgetOthers(account);
  if (!account || new URL(address, location.origin).pathname !== PAGE) return;
  await renew(PAGE);
  const text = (await (await kept(PAGE))?.text()) ?? "";
  const sectors = [...text.matchAll(SECTOR)].map(([, sector]) => sector);
  if (sectors.length > 1) for (const sector of sectors) await renew(keyOf(sector));
}

async function renew(key) {
  if (await kept(key)) return;
  const answer = await fetch(key, { cache: "no-store" }).catch(() => null);
  if (answer) await keep(key, answer);
}

async function keep(key, answer) {
  // To the login: whoever was here is so no more.
  if (answer.redirected || answer.type === "opaqueredirect") await forgetOthers(null);
  if (!answer.ok || answer.redirected) return;
  const text = await answer.clone().text();
  // Only the form itself: not a page that says that there is nothing to write.
  const [, account] = OWNER.exec(text) ?? [];
  if (!account || !text.includes("data-entry-form")) return;
  await forgetOthers(account);
  const needed = [...text.matchAll(LINKED)].map(([, address]) => new URL(address, location.origin).href);
  const own = needed.filter((address) => new URL(address).origin === location.origin);
  // Never a page without its files: its form would lose what is typed.
  if (await keepFiles(own)) await (await caches.open(PAGES + account)).put(key, answer);
}

/** Keep the files. Returns whether all of them are here. */
async function keepFiles(addresses) {
  const files = await caches.open(FILES);
  const needed = new Set(addresses);
  for (const address of needed) {
    const text = await keepFile(files, address);
    if (text === null) return false;
    if (!address.endsWith(".js")) continue;
    for (const [, other] of text.matchAll(IMPORTED)) needed.add(new URL(other, address).href);
  }
  // All that is needed is here: what an earlier version needed may go.
  for (const request of await files.keys()) if (!needed.has(request.url)) await files.delete(request);
  return true;
}

/** Keep one file. Returns what it says, null where it could not be had. */
async function keepFile(files, address) {
  const kept = HASHED.test(address) ? await files.match(address, AS_IT_IS) : null;
  if (kept) return kept.text();
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return null;
  await files.put(address, answer.clone());
  return answer.text();
}

const late = (value) => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, value));

/** The page from the network; the kept one where that fails, breaks down, or keeps one waiting. */
async function page(event, { searchParams }) {
  const sector = searchParams.get("sector");
  const key = keyOf(sector);
  const asked = fetch(event.request);
  const isPlain = [...searchParams.keys()].every((name) => name === "sector");
  if (isPlain) event.waitUntil(asked.then((answer) => keep(key, answer.clone())).catch(() => {}));
  // A script that asks for a sector's parties wants those and no others.
  const spare = (await kept(key)) ?? (event.request.mode === "navigate" ? await kept(PAGE) : null);
  if (!spare) return asked;
  try {
    const answer = await Promise.race([asked, late(spare)]);
    return answer.status >= 500 ? spare : answer;
  } catch {
    return spare;
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
