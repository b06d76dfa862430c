// Entries that wait on this phone, and how they are sent: in the order of their writing, by one tab at a time, each
// as the account that wrote it and as no other. One that cannot be sent holds up none. The site takes an entry that arrives twice as one.

import { forgetPages } from "./forgetting.js";
import * as store from "./store.js";

const ASK_MS = 8_000;
// A picture over a bad network takes its time: half a minute, and a second more for each 50 kB.
const SEND_MS = 30_000;
const BYTES_A_SECOND = 50_000;
const EVERY_MS = 30_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
const LOCK = "sector-log-queue";

export const SENT = "sent";
export const REFUSED = "refused";
export const LATER = "later";
export const LOGIN = "login";

const alone = (work) => (navigator.locks ? navigator.locks.request(LOCK, work) : work());

/** Ask the site who is logged in here, and for a fresh token. Returns null where nobody is. Rejects without a network. */
export async function ask(urls) {
  const answer = await fetch(urls.state, {
    headers: { Accept: "application/json" },
    redirect: "manual", // to the login page
    cache: "no-store",
    signal: AbortSignal.timeout(ASK_MS),
  });
  if (answer.type === "opaqueredirect" || answer.status === 401) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** How long ago the entry was begun, in seconds: two readings of one clock, whatever day that clock believes in. */
export function secondsAgo(entry) {
  const byClock = Date.now() - entry.begun;
  // Within one page there is a clock that nobody sets back.
  const bySteps = entry.page === performance.timeOrigin ? performance.now() - entry.begunSteps : 0;
  return Math.max(0, Math.round(Math.max(byClock, bySteps) / 1000));
}

async function post(urls, entry, csrf) {
  const body = new FormData();
  for (const [name, value] of entry.sent) body.append(name, value);
  for (const { name, file } of entry.files) body.append(name, file, file.name);
  body.set("uuid", entry.uuid);
  body.set("seconds_ago", secondsAgo(entry));
  const bytes = entry.files.reduce((sum, { file }) => sum + file.size, 0);
  return fetch(urls.create, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrf },
    redirect: "manual",
    body,
    signal: AbortSignal.timeout(SEND_MS + (bytes / BYTES_A_SECOND) * 1000),
  });
}

/** What came of it: { outcome, url } or { outcome, sentences }. */
async function deliver(urls, entry, csrf) {
  const answer = await post(urls, entry, csrf);
  if (answer.type === "opaqueredirect" || answer.status === 401) return { outcome: LOGIN };
  // 403: the token was changed by a login in another tab. 408, 425, 429: not now.
  if (answer.status >= 500 || [403, 408, 425, 429].includes(answer.status)) return { outcome: LATER };
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said.uuid === entry.uuid ? { outcome: SENT, url: said.url } : { outcome: LATER };
  return { outcome: REFUSED, sentences: sentencesOf(said) };
}

function sentencesOf({ question, errors = {} }) {
  return question ? [question] : Object.values(errors).flat();
}

async function settle(urls, entry, csrf) {
  let result;
  try {
    result = await deliver(urls, entry, csrf);
  } catch {
    return { outcome: LATER };
  }
  if (result.outcome === SENT) await store.remove("queue", entry.uuid);
  if (result.outcome === REFUSED)
    await store.put("queue", { ...entry, isRefused: true, sentences: result.sentences });
  return result;
}

async function whoIsHere(urls, account) {
  try {
    const here = await ask(urls);
    if (here?.account === account) return { csrf: here.csrf };
    // The page that was kept for working without a network is that of a login which is over.
    await forgetPages().catch(() => {});
    return { outcome: LOGIN };
  } catch {
    return { outcome: LATER };
  }
}

/** Sent on this window with what came of the try to send one entry. */
export const TRIED = "log:tried";

/** Send one entry that has just been put into the queue; another tab may be quicker. */
export async function send(urls, account, uuid) {
  const result = await alone(() => sendOne(urls, account, uuid));
  window.dispatchEvent(new CustomEvent(TRIED, { detail: result }));
  return result;
}

async function sendOne(urls, account, uuid) {
  const entry = await store.get("queue", uuid);
  if (!entry) return { outcome: SENT, url: urls.create.replace(/new\/$/, `${uuid}/`) };
  if (entry.isRefused) return { outcome: REFUSED, sentences: entry.sentences };
  const { csrf, outcome } = await whoIsHere(urls, account);
  return outcome ? { outcome } : settle(urls, entry, csrf);
}

// What could not be sent by this page although the site was there: how often, and until when it is left alone.
const failed = new Map();

function pause(uuid) {
  const times = (failed.get(uuid)?.times ?? 0) + 1;
  failed.set(uuid, { times, until: performance.now() + Math.min(EVERY_MS * 2 ** (times - 1), LONGEST_PAUSE_MS) });
}

/** In the order of their writing, those last that failed before, and those not yet whose pause is not over. */
function inTurn(waiting) {
  const due = waiting.filter(({ uuid }) => !(failed.get(uuid)?.until > performance.now()));
  const timesOf = ({ uuid }) => failed.get(uuid)?.times ?? 0;
  return due.sort((one, other) => timesOf(one) - timesOf(other));
}

/** Send all that waits, and was not refused. Returns what came of it, LATER where one waits on; how many were sent. */
export function sendAll(urls, account) {
  return alone(async () => {
    let [outcome, count] = [SENT, 0];
    const waiting = (await store.all("queue", account)).filter(({ isRefused }) => !isRefused);
    if (!waiting.length) return { outcome, count };
    let here = await whoIsHere(urls, account);
    if (here.outcome) return { outcome: here.outcome, count };
    for (const entry of inTurn(waiting)) {
      const result = await settle(urls, entry, here.csrf);
      if (result.outcome === LOGIN) return { outcome: LOGIN, count };
      if (result.outcome === SENT) count += 1;
      if (result.outcome !== LATER) {
        failed.delete(entry.uuid);
        continue;
      }
      outcome = LATER;
      // The network may be gone, or this one entry be what fails: then it stands in nobody's way.
      here = await whoIsHere(urls, account);
      if (here.outcome) return { outcome: here.outcome, count };
      pause(entry.uuid);
    }
    return { outcome, count };
  });
}

/** Try now, and whenever there is reason to hope. `told` hears what came of each try. */
export function keepTrying(urls, account, told) {
  let isTrying = false;
  let isLoggedOut = false;

  async function attempt() {
    if (isTrying || document.visibilityState !== "visible") return;
    isTrying = true;
    try {
      const result = await sendAll(urls, account);
      isLoggedOut = result.outcome === LOGIN;
      told(result);
    } catch {
      // Nothing can be kept here, so nothing waits.
    } finally {
      isTrying = false;
    }
  }

  window.addEventListener("online", attempt);
  document.addEventListener("visibilitychange", attempt);
  // A session that has ended does not come back by itself.
  setInterval(() => isLoggedOut || attempt(), EVERY_MS);
  attempt();
}
