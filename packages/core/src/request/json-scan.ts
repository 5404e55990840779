import { isUtf8 } from 'node:buffer';
import { isProxyError, ProxyError } from '../errors/proxy-error.js';

/** A member of a top-level object. */
export interface TopLevelMember {
  readonly key: string;
  /** The bytes between the colon and the next comma or brace. */
  readonly value: Uint8Array;
  /** Where the member begins and ends, with everything between the commas around it. */
  readonly start: number;
  readonly end: number;
}

/** A JSON object taken apart at its top level. */
export interface JsonScan {
  readonly json: Uint8Array;
  /** The members that were asked for, in their order; a key that is there twice is there twice. */
  readonly members: readonly TopLevelMember[];
  /** Where the first member begins, and where the last one ends. */
  readonly start: number;
  readonly end: number;
  readonly isEmpty: boolean;
}

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
const text = new TextDecoder();

/**
 * Takes a body apart, and keeps the members whose key `isWanted` accepts; all by default. Throws `invalid_json`, with the place and the
 * reason, if the body is not a JSON object in UTF-8, or nests deeper than 64 levels.
 *
 * The body is never parsed into values: a hostile one would need hundreds of times its size.
 */
export function readJsonObject(body: Uint8Array, isWanted?: (key: string) => boolean): JsonScan {
  if (body[0] === 0x1f && body[1] === 0x8b) {
    throw invalidJson('The body is compressed. Send it as plain JSON, without content-encoding.');
  }
  if (!isUtf8(body)) throw invalidJson('The body is not UTF-8. Encode it as UTF-8.');
  const open = nextToken(body, 0);
  if (body[open] !== openBrace) throw invalidJson(reasonForNoObject(body, open));
  return scanJson(body, isWanted);
}

/** Takes the object in `json` apart, as `readJsonObject` does. `json` must begin with an object. */
export function scanJson(json: Uint8Array, isWanted: (key: string) => boolean = () => true): JsonScan {
  const open = nextToken(json, 0);
  const members: TopLevelMember[] = [];
  let start = open + 1;
  let at = nextToken(json, start);
  if (json[at] === closeBrace) {
    assertEnds(json, at + 1);
    return { json, members, start: open + 1, end: open + 1, isEmpty: true };
  }
  for (;;) {
    if (json[at] !== quote) throw fault(at, 'a key in double quotes');
    const keyEnd = scanValue(json, at);
    const key = keyAt(json, at, keyEnd);
    const separator = nextToken(json, keyEnd);
    if (json[separator] !== colon) throw fault(separator, 'a colon');
    const end = nextToken(json, scanValue(json, nextToken(json, separator + 1)));
    if (isWanted(key)) members.push({ key, value: json.subarray(separator + 1, end), start, end });
    if (json[end] === closeBrace) {
      assertEnds(json, end + 1);
      return { json, members, start: open + 1, end, isEmpty: false };
    }
    if (json[end] !== comma) throw fault(end, 'a comma or the end of the object');
    start = end + 1;
    at = nextToken(json, start);
  }
}

/** The value of a member; undefined without a member. */
export function parseValue(member: TopLevelMember | undefined): unknown {
  return member && JSON.parse(text.decode(member.value));
}

/** The object without the members in `cut`, which are of this scan. Every other byte stays as it was. */
export function joinWithout(object: JsonScan, cut: ReadonlySet<TopLevelMember>): Uint8Array {
  return rewrite(object, cut, {});
}

/** The object with `members` put in behind its `{`. Every byte of its own stays as it was. */
export function insertFirst(object: JsonScan, members: Readonly<Record<string, unknown>>): Uint8Array {
  return rewrite(object, new Set(), members);
}

/**
 * The object without the members in `cut`, which are of this scan, and with `inserted` put in behind its `{`. Every other byte stays as it
 * was.
 */
export function rewrite(
  { json, members, start, end, isEmpty }: JsonScan,
  cut: ReadonlySet<TopLevelMember>,
  inserted: Readonly<Record<string, unknown>>,
): Uint8Array {
  const first = JSON.stringify(inserted).slice(1, -1);
  if (cut.size === 0 && first === '') return json;
  const runs: Uint8Array[] = first === '' ? [] : [Buffer.from(first)];
  let from = start;
  for (const member of members) {
    if (!cut.has(member)) continue;
    if (member.start > from) runs.push(json.subarray(from, member.start - 1));
    from = member.end + 1;
  }
  if (from <= end && !isEmpty) runs.push(json.subarray(from, end));
  const separated = runs.flatMap((run, index) => (index === 0 ? [run] : [Uint8Array.of(comma), run]));
  return Buffer.concat([json.subarray(0, start), ...separated, json.subarray(end)]);
}

/** The members of `defaults` that the object in `json` has none of. */
export function missingMembers(
  json: Uint8Array,
  defaults: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const names = Object.keys(defaults);
  if (names.length === 0) return {};
  const own = new Set(scanJson(json, (key) => names.includes(key)).members.map(({ key }) => key));
  return Object.fromEntries(Object.entries(defaults).filter(([key]) => !own.has(key)));
}

/** Whether an object anywhere in a valid JSON text has a member with this key, also escaped or doubled. */
export function hasMember(json: Uint8Array, key: string): boolean {
  let start = json.indexOf(quote);
  while (start !== -1) {
    const end = scanValue(json, start);
    if (json[nextToken(json, end)] === colon && keyAt(json, start, end) === key) return true;
    start = json.indexOf(quote, end);
  }
  return false;
}

function assertEnds(json: Uint8Array, at: number): void {
  const rest = nextToken(json, at);
  if (rest < json.length) throw fault(rest, 'the end of the body');
}

/** Nearly every key is plain ASCII, for which no parser is needed. */
function keyAt(json: Uint8Array, start: number, end: number): string {
  const token = text.decode(json.subarray(start, end));
  return token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
}

function reasonForNoObject(body: Uint8Array, at: number): string {
  if (at >= body.length) return 'The body is empty. Send a JSON object.';
  const begins = text.decode(body.subarray(at, at + 100));
  if (begins.startsWith('[')) return 'The body is an array. Send a JSON object.';
  if (begins.startsWith('--') || /^[\w.%+-]+=/.test(begins))
    return 'The body looks like form data. Send a JSON object.';
  if (body[0] === 0xef) return 'The body begins with a byte order mark. Send a JSON object without it.';
  return `The body does not begin with { at byte ${at}. Send a JSON object.`;
}

function invalidJson(message: string): ProxyError {
  return new ProxyError('invalid_json', { message });
}

/** The index of the first byte at or after `at` that is not white space. */
function nextToken(json: Uint8Array, at: number): number {
  let next = at;
  while (json[next] === 0x20 || json[next] === 0x0a || json[next] === 0x0d || json[next] === 0x09) next++;
  return next;
}

/** The closing bracket of each level of the value that is read. The object that holds the value is the first level. */
const closing = Uint8Array.of(closeBrace, ...new Uint8Array(deepest - 1));

/**
 * The index behind the JSON value that begins at `start`, by the grammar of RFC 8259. `start` is within the top-level object. Throws
 * `invalid_json`, with the place, for anything else and for 65 levels. Linear in the bytes, and without allocation.
 */
function scanValue(json: Uint8Array, start: number): number {
  let level = 1;
  let at = start;
  for (;;) {
    const byte = json[at];
    if (byte === openBrace || byte === openBracket) {
      if (level === deepest) throw tooDeep();
      const close = byte === openBrace ? closeBrace : closeBracket;
      at = nextToken(json, at + 1);
      if (json[at] !== close) {
        closing[level++] = close;
        if (byte === openBrace) at = scanKey(json, at);
        continue;
      }
      at++;
    } else {
      at = scanScalar(json, at);
    }
    // A value is complete: what follows it may end any number of levels.
    for (;;) {
      if (level === 1) return at;
      const close = closing[level - 1];
      at = nextToken(json, at);
      if (json[at] === comma) {
        at = nextToken(json, at + 1);
        if (close === closeBrace) at = scanKey(json, at);
        break;
      }
      if (json[at] !== close) throw fault(at, close === closeBrace ? 'a comma or }' : 'a comma or ]');
      level--;
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
function fault(at: number, expected: string): ProxyError {
  return new ProxyError('invalid_json', { message: `The body is not valid JSON: byte ${at} must be ${expected}.` });
}

/** Whether an error of this grammar says that a body nests too deep. Such a body may be valid JSON. */
export function isTooDeep(error: unknown): boolean {
  return isProxyError(error) && error.message === tooDeep().message;
}

function tooDeep(): ProxyError {
  return new ProxyError('invalid_json', { message: `The body nests deeper than ${deepest} levels. Flatten it.` });
}
