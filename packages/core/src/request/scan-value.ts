import { isProxyError, ProxyError } from '../errors/proxy-error.js';

/** Levels that a body may nest, the top-level object included. */
const deepest = 64;

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const literals = ['true', 'false', 'null'].map((word) => Buffer.from(word));
/** The characters that may follow a backslash, but for `u`. */
const escapes = new Set(Buffer.from('"\\/bfnrt'));

/** The index of the first byte at or after `at` that is not white space. */
export function nextToken(json: Uint8Array, at: number): number {
  let next = at;
  while (json[next] === 0x20 || json[next] === 0x0a || json[next] === 0x0d || json[next] === 0x09) next++;
  return next;
}

/**
 * The index behind the JSON value that begins at `start`, by the grammar of RFC 8259. `start` is within the top-level object. Throws
 * `invalid_json`, with the place, for anything else and for 65 levels. Linear in the bytes, and without allocation.
 */
export function scanValue(json: Uint8Array, start: number): number {
  /** The closing bracket of each level. The object that holds the value is the first level. */
  const closing: number[] = [closeBrace];
  let at = start;
  for (;;) {
    const byte = json[at];
    if (byte === openBrace || byte === openBracket) {
      if (closing.length === deepest) throw tooDeep();
      const close = byte === openBrace ? closeBrace : closeBracket;
      at = nextToken(json, at + 1);
      if (json[at] !== close) {
        closing.push(close);
        if (byte === openBrace) at = scanKey(json, at);
        continue;
      }
      at++;
    } else {
      at = scanScalar(json, at);
    }
    // A value is complete: what follows it may end any number of levels.
    for (;;) {
      if (closing.length === 1) return at;
      const close = closing[closing.length - 1];
      at = nextToken(json, at);
      if (json[at] === comma) {
        at = nextToken(json, at + 1);
        if (close === closeBrace) at = scanKey(json, at);
        break;
      }
      if (json[at] !== close) throw fault(at, close === closeBrace ? 'a comma or }' : 'a comma or ]');
      closing.pop();
      at++;
    }
  }
}

/** The index of the value behind a key and its colon. */
function scanKey(json: Uint8Array, at: number): number {
  if (json[at] !== quote) throw fault(at, 'a key in double quotes');
  const separator = nextToken(json, scanString(json, at));
  if (json[separator] !== colon) throw fault(separator, 'a colon');
  return nextToken(json, separator + 1);
}

function scanScalar(json: Uint8Array, at: number): number {
  const byte = json[at] ?? 0;
  if (byte === quote) return scanString(json, at);
  if (byte === minus || isDigit(byte)) return scanNumber(json, at);
  for (const word of literals) {
    if (word.every((character, index) => json[at + index] === character)) return at + word.length;
  }
  throw fault(at, 'a value');
}

function scanString(json: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    const byte = json[at];
    if (byte === undefined) throw fault(at, 'the closing quote of a string');
    if (byte === quote) return at + 1;
    if (byte < 0x20) throw fault(at, 'an escape: a string has no raw control character');
    if (byte === backslash) {
      const escaped = json[at + 1] ?? 0;
      // `u`, and four hexadecimal digits.
      if (escaped === 0x75) at = scanHex(json, at + 2);
      else if (escapes.has(escaped)) at += 2;
      else throw fault(at + 1, 'a known escape');
    } else {
      at++;
    }
  }
}

function scanHex(json: Uint8Array, start: number): number {
  for (let at = start; at < start + 4; at++) {
    const byte = json[at] ?? 0;
    const lower = byte | 0x20;
    if (!isDigit(byte) && !(lower >= 0x61 && lower <= 0x66)) throw fault(at, 'a hexadecimal digit');
  }
  return start + 4;
}

function scanNumber(json: Uint8Array, start: number): number {
  let at = json[start] === minus ? start + 1 : start;
  // Zero stands alone in front of the dot.
  at = json[at] === zero ? at + 1 : scanDigits(json, at);
  if (json[at] === dot) at = scanDigits(json, at + 1);
  if (((json[at] ?? 0) | 0x20) === 0x65) {
    const sign = json[at + 1];
    at = scanDigits(json, sign === 0x2b || sign === minus ? at + 2 : at + 1);
  }
  return at;
}

/** One digit at least. */
function scanDigits(json: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(json[at] ?? 0)) at++;
  if (at === start) throw fault(at, 'a digit');
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

/** The error for a byte that the grammar does not allow. Says what must stand there, and quotes nothing. */
export function fault(at: number, expected: string): ProxyError {
  return new ProxyError('invalid_json', { message: `The body is not valid JSON: byte ${at} must be ${expected}.` });
}

/** Whether an error of this grammar says that a body nests too deep. Such a body may be valid JSON. */
export function isTooDeep(error: unknown): boolean {
  return isProxyError(error) && error.message === tooDeep().message;
}

function tooDeep(): ProxyError {
  return new ProxyError('invalid_json', { message: `The body nests deeper than ${deepest} levels. Flatten it.` });
}
