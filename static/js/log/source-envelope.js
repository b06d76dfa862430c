/** Key pairs, key files and sealed texts of source handling, by the browser's own cryptography alone. */

const FORMAT = "source-key-1";
const PAIR = { name: "RSA-OAEP", modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
/** Of PBKDF2-SHA-256. A file that asks for more would only hold the browser up. */
const ITERATIONS = 600_000;
const MOST_ITERATIONS = 10_000_000;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const utf8 = new TextEncoder();

/** What is wrong, as the name of the sentence that says so. */
export class Problem extends Error {}

/** Make a pair; return its public JWK, its fingerprint, and the key file's text, tried out before it is given away. */
export async function makeKey(passphrase) {
  const pair = await crypto.subtle.generateKey(PAIR, true, ["encrypt", "decrypt"]);
  const { kty, n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const publicKey = { e, kty, n };
  const thumbprint = await thumbprintOf(publicKey);
  const file = await lock(await crypto.subtle.exportKey("pkcs8", pair.privateKey), passphrase, thumbprint);
  const trial = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, pair.publicKey, utf8.encode(thumbprint));
  const opened = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, await openKeyFile(file, passphrase), trial);
  if (new TextDecoder().decode(opened) !== thumbprint) throw new Problem("failed");
  return { publicKey: JSON.stringify(publicKey), thumbprint, file };
}

/** Return the private key of a key file. Throws Problem: badFile, badWords. */
export async function openKeyFile(text, passphrase) {
  const file = readKeyFile(text);
  const locking = await lockingKey(passphrase, bytes(file.salt), file.iterations, "decrypt");
  const how = { name: "AES-GCM", iv: bytes(file.nonce), additionalData: utf8.encode(file.thumbprint) };
  let raw;
  try {
    raw = await crypto.subtle.decrypt(how, locking, bytes(file.locked));
  } catch {
    throw new Problem("badWords");
  }
  return crypto.subtle.importKey("pkcs8", raw, { name: "RSA-OAEP", hash: "SHA-256" }, false, ["decrypt"]);
}

/** Return what a key file says, unopened. Throws Problem: badFile. */
export function readKeyFile(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Problem("badFile");
  }
  const isWhole = ["thumbprint", "salt", "nonce", "locked"].every((name) => typeof file?.[name] === "string");
  const isBounded = file?.iterations >= ITERATIONS && file.iterations <= MOST_ITERATIONS;
  if (file?.format !== FORMAT || !isWhole || !isBounded) throw new Problem("badFile");
  return file;
}

/** Return what a compact JWE (RSA-OAEP-256, A256GCM) holds, as an object. Throws Problem: badText. */
export async function openSealed(sealed, privateKey) {
  try {
    const [header, wrapped, nonce, text, tag] = sealed.split(".");
    const raw = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, privateKey, bytes(wrapped));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: bytes(nonce), additionalData: utf8.encode(header), tagLength: 128 };
    const opened = await crypto.subtle.decrypt(how, key, new Uint8Array([...bytes(text), ...bytes(tag)]));
    return JSON.parse(new TextDecoder().decode(opened));
  } catch {
    throw new Problem("badText");
  }
}

async function lock(privateKey, passphrase, thumbprint) {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const locking = await lockingKey(passphrase, salt, ITERATIONS, "encrypt");
  const how = { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(thumbprint) };
  const locked = await crypto.subtle.encrypt(how, locking, privateKey);
  const file = { format: FORMAT, thumbprint, kdf: "PBKDF2-SHA-256", iterations: ITERATIONS, cipher: "A256GCM" };
  return JSON.stringify({ ...file, salt: base64url(salt), nonce: base64url(nonce), locked: base64url(locked) });
}

async function lockingKey(passphrase, salt, iterations, use) {
  const words = utf8.encode(passphrase.normalize("NFC"));
  const base = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** RFC 7638: the members that every RSA key has, in the order of the alphabet, without blanks. */
async function thumbprintOf({ e, kty, n }) {
  return base64url(await crypto.subtle.digest("SHA-256", utf8.encode(JSON.stringify({ e, kty, n }))));
}

function base64url(buffer) {
  const raw = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytes(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}
