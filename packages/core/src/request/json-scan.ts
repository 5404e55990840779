/** A member of the top-level object: its key, its value's bytes, and all that stands between the commas around it. */
export interface TopLevelMember {
  readonly key: string;
  readonly value: Uint8Array;
  readonly segment: Uint8Array;
}

/** A JSON object taken apart at its top level; `before` and `after` are what stands outside of the commas' reach. */
export interface TopLevelObject {
  readonly before: Uint8Array;
  readonly members: readonly TopLevelMember[];
  readonly after: Uint8Array;
}

const comma = 0x2c;
const text = new TextDecoder();

/** Takes the top level of `json` apart. `json` must be a valid JSON object: it is not validated again. */
export function splitTopLevel(json: Uint8Array): TopLevelObject {
  const open = json.indexOf(0x7b);
  const members: TopLevelMember[] = [];
  let depth = 0;
  let segmentStart = open + 1;
  let keyEnd = -1;
  let at = segmentStart;
  for (; at < json.length; at++) {
    const byte = json[at];
    if (byte === 0x22) {
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

/** The object without the members that `cut` names: every other byte, white space within segments included, as it was. */
export function joinWithout(object: TopLevelObject, cut: ReadonlySet<TopLevelMember>): Uint8Array {
  const parts: Uint8Array[] = [object.before];
  for (const member of object.members) {
    if (cut.has(member)) continue;
    if (parts.length > 1) parts.push(Uint8Array.of(comma));
    parts.push(member.segment);
  }
  parts.push(object.after);
  return concatenate(parts);
}

function memberOf(segment: Uint8Array, keyEnd: number): TopLevelMember {
  const keyStart = segment.indexOf(0x22);
  const colon = segment.indexOf(0x3a, keyEnd + 1);
  return {
    key: JSON.parse(text.decode(segment.subarray(keyStart, keyEnd + 1))),
    value: segment.subarray(colon + 1),
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

const quote = 0x22;
const backslash = 0x5c;

/**
 * Tells whether brackets nest deeper than `limit`, over the raw bytes of a JSON text and before anything is parsed:
 * `JSON.parse` has no limit of its own and takes over a second for 6 MB of `[`.
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

/** The index of the quote that closes the string opened at `start`; the length of `json` where none does. */
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
