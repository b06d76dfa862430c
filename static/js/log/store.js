// What this phone keeps of the log: drafts and entries that wait, in IndexedDB. Everything else asks here.

const NAME = "sector-log";
const VERSION = 1;
// Pictures lie apart from the words of their draft: not each keystroke writes them anew.
const STORES = ["drafts", "files", "queue"];

/** Sent on this window whenever a draft or a waiting entry came, went or changed, in whichever tab. */
export const CHANGED = "log:changed";

let opening = null;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
tabs?.addEventListener("message", () => window.dispatchEvent(new Event(CHANGED)));

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const store of STORES) asked.result.createObjectStore(store, { keyPath: "uuid" });
    };
    asked.onsuccess = () => {
      // Another tab with a newer version of this page waits for us to let go.
      asked.result.onversionchange = () => {
        asked.result.close();
        opening = null;
      };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
  opening.catch(() => {
    opening = null;
  });
  return opening;
}

/** Do `work` in one transaction over all stores: all of it is kept or nothing. Rejects when it is not. */
async function transact(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORES, mode);
    const asked = work((store) => transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

async function change(work) {
  await transact("readwrite", work);
  window.dispatchEvent(new Event(CHANGED));
  tabs?.postMessage("");
}

export const get = (store, uuid) => transact("readonly", (of) => of(store).get(uuid));

/** The rows of an account, the oldest first. */
export async function all(store, account) {
  const rows = await transact("readonly", (of) => of(store).getAll());
  return rows.filter((row) => row.account === account).sort((one, other) => one.begun - other.begun);
}

export const put = (store, row) => change((of) => of(store).put(row));

export const remove = (store, uuid) => change((of) => void of(store).delete(uuid));

export const removeDraft = (uuid) =>
  change((of) => {
    of("drafts").delete(uuid);
    of("files").delete(uuid);
  });

/** The draft with its files. */
export async function draft(uuid) {
  const [row, kept] = await Promise.all([get("drafts", uuid), get("files", uuid)]);
  return row && { ...row, files: kept?.files ?? [] };
}

/** A draft becomes an entry that waits to be sent: both or neither. */
export const enqueue = (entry) =>
  change((of) => {
    of("drafts").delete(entry.uuid);
    of("files").delete(entry.uuid);
    of("queue").put(entry);
  });

/** An entry that was refused becomes a draft again, under the number `as`. */
export const takeBack = ({ uuid, account, begun, sector, rows, files }, as = uuid) =>
  change((of) => {
    of("queue").delete(uuid);
    of("drafts").put({ uuid: as, account, begun, sector, rows });
    of("files").put({ uuid: as, account, files });
  });

/** Whether this browser keeps anything at all: a private window may not, a full phone does not. */
export async function works() {
  try {
    const probe = { uuid: "probe", account: "" };
    await transact("readwrite", (of) => of("drafts").put(probe));
    await transact("readwrite", (of) => void of("drafts").delete(probe.uuid));
    return true;
  } catch {
    return false;
  }
}
