import { ProxyError } from '../errors/proxy-error.js';

/** A member of a top-level object: its key, the bytes of its value, and everything between the commas around it. */
export interface TopLevelMember {
  readonly key: string;
  readonly value: Uint8Array;
  readonly segment: Uint8Array;
}

/** A JSON object taken apart at its top level. `before` ends with its `{`; `after` begins behind its last member. */
export interface JsonScan {
  readonly before: Uint8Array;
  readonly members: readonly TopLevelMember[];
  readonly after: Uint8Array;
}

/** The levels of nesting that a body may have. */
export const deepest = 64;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Takes a body apart. Throws `invalid_json` if it is not a JSON object in UTF-8, or nests deeper than 64 levels. */
export function readJsonObject(body: Uint8Array): JsonScan {
  if (nestsDeeperThan(deepest, body)) {
    throw new ProxyError('invalid_json', { message: `The body nests deeper than ${deepest} levels. Flatten it.` });
  }
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    // The engine's own sentence would quote the body.
    throw new ProxyError('invalid_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProxyError('invalid_json');
  return scanJson(body);
}

/** Takes a JSON object apart. `json` must be valid: it is not validated again. */
export function scanJson(json: Uint8Array): JsonScan {
  const open = json.indexOf(0x7b);
  const members: TopLevelMember[] = [];
  let depth = 0;
  let segmentStart = open + 1;
  let keyEnd = -1;
  let at = segmentStart;
  for (; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at);
      if (keyEnd === -1) keyEnd = at;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) break;
      depth--;
    } else if (byte === comma && depth === 0) {
      members.push(memberOf(json.subarray(segmentStart, at), keyEnd - segmentStart));
      segmentStart = at + 1;
      keyEnd = -1;
    }
  }
  const before = json.subarray(0, open + 1);
  if (keyEnd === -1) return { before, members, after: json.subarray(segmentStart) };
  members.push(memberOf(json.subarray(segmentStart, at), keyEnd - segmentStart));
  return { before, members, after: json.subarray(at) };
}

/** The value of a member; undefined without a member. */
export function parseValue(member: TopLevelMember | undefined): unknown {
  return member && JSON.parse(utf8.decode(member.value));
}

/** The object without the members in `cut`. Every other byte stays as it was. */
export function joinWithout(object: JsonScan, cut: ReadonlySet<TopLevelMember>): Uint8Array {
  const parts: Uint8Array[] = [object.before];
  for (const member of object.members) {
    if (cut.has(member)) continue;
    if (parts.length > 1) parts.push(Uint8Array.of(comma));
    parts.push(member.segment);
  }
  parts.push(object.after);
  return concatenate(parts);
}

/** The object with `members` put in behind its `{`. Every byte of its own stays as it was. */
export function insertFirst(object: JsonScan, members: Readonly<Record<string, unknown>>): Uint8Array {
  const inserted = JSON.stringify(members).slice(1, -1);
  const separator = inserted === '' || object.members.length === 0 ? '' : ',';
  const own = object.members.flatMap(({ segment }, index) =>
    index === 0 ? [segment] : [Uint8Array.of(comma), segment],
  );
  return concatenate([object.before, Buffer.from(inserted + separator), ...own, object.after]);
}

/**
 * Whether brackets nest deeper than `limit`, over the raw bytes of a JSON text and before anything is parsed. `JSON.parse` has no limit
 * of its own and takes over a second for 6 MB of `[`.
 */
export function nestsDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
  }
  return false;
}

/** Whether an object anywhere in a valid JSON text has a member of this name, escaped and doubled ones included. */
export function hasMember(json: Uint8Array, name: string): boolean {
  let start = json.indexOf(quote);
  while (start !== -1) {
    const end = endOfString(json, start) + 1;
    let next = end;
    while (isSpace(json[next])) next++;
    if (json[next] === colon && JSON.parse(utf8.decode(json.subarray(start, end))) === name) return true;
    start = json.indexOf(quote, end);
  }
  return false;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The index of the quote that closes the string opened at `start`; the length of `json` if none does. */
export function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    const close = json.indexOf(quote, at);
    if (close === -1) return json.length;
    let escapes = 0;
    while (json[close - 1 - escapes] === backslash) escapes++;
    if (escapes % 2 === 0) return close;
    at = close + 1;
  }
}

function memberOf(segment: Uint8Array, keyEnd: number): TopLevelMember {
  const keyStart = segment.indexOf(quote);
  return {
    key: JSON.parse(utf8.decode(segment.subarray(keyStart, keyEnd + 1))),
    value: segment.subarray(segment.indexOf(colon, keyEnd + 1) + 1),
    segment,
  };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
