import { clientOptions } from './access-policy.js';
import { areModelAliases, latencies, readGuardrail, readMetadata, serviceTiers } from './bedrock-settings.js';
import { ipRanges } from './ip-allowlist.js';
import { limitRulesFault } from './limit-rule.js';
import type { TokenRecord } from './token-record.js';

/** The characters that a header can hold. Commas are excluded, because they join repeated headers. */
export const presentable = /^[!-+\--~]+$/;

/** What is wrong with a value, and where in it, such as `[1]`. */
interface Fault {
  readonly at?: string;
  readonly message: string;
}

type Check = (value: unknown) => Fault | undefined;

/**
 * Validates token records. Unknown fields are refused: a misspelled `expiresAt` would create a token that never expires. A token that is
 * too short is refused too. Throws a `TypeError` that names the place, such as `Token record [1].sha256`, but never quotes the value.
 * It is written by hand because every cold start runs it: a schema library would be a tenth of what a function loads.
 */
export function parseTokenRecords(value: unknown): readonly TokenRecord[] {
  if (!Array.isArray(value)) throw new TypeError('The value must be an array of token records.');
  return assertLongEnough(Array.from(value, parseRecord));
}

function parseRecord(value: unknown, index: number): TokenRecord {
  const record: unknown = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value;
  assertRecord(record, `Token record [${index}]`);
  return record;
}

function assertRecord(value: unknown, place: string): asserts value is TokenRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${place} must be an object.`);
  const members = new Map(Object.entries(value));
  for (const [name, check] of Object.entries(checks)) {
    const member = members.get(name);
    const fault = member === undefined && name !== 'id' ? undefined : check(member);
    if (fault) throw new TypeError(`${place}.${name}${fault.at ?? ''} ${fault.message}.`);
  }
  if ([...members.keys()].some((name) => !Object.hasOwn(checks, name))) {
    throw new TypeError(`${place} has an unknown field; allowed are ${listed(Object.keys(checks))}.`);
  }
  if ((members.get('token') === undefined) === (members.get('sha256') === undefined)) {
    throw new TypeError(`${place} needs token or sha256, not both.`);
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const text: Check = (value) => (typeof value === 'string' ? undefined : { message: 'must be a string' });
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : { message: 'must be true or false' });
const instant: Check = (value) =>
  isInstant(value) ? undefined : { message: 'must be an ISO 8601 time such as 2026-12-31T00:00:00Z' };

function textLike(form: RegExp, message: string): Check {
  return (value) => text(value) ?? (form.test(String(value)) ? undefined : { message });
}

function arrayOf(item: Check, message: string): Check {
  return (value) => {
    if (!Array.isArray(value)) return { message };
    const faults = Array.from(value, item);
    const index = faults.findIndex((fault) => fault !== undefined);
    const fault = faults[index];
    return fault && { ...fault, at: `[${index}]` };
  };
}

function wordOf(words: readonly string[]): Check {
  return (value) =>
    words.some((word) => word === value) ? undefined : { message: `must be one of ${words.join(', ')}` };
}

const cidrs = arrayOf(text, 'must be an array of CIDRs');
const options = clientOptions.join(', ');

const name = textLike(/^(?=.*\S)\P{Cc}{1,128}$/u, 'must have 1 to 128 characters');

/** The check of each field. */
const checks: Readonly<Record<keyof TokenRecord, Check>> = {
  id: name,
  token: textLike(presentable, 'must be printable ASCII without spaces and commas'),
  sha256: textLike(/^[0-9a-f]{64}$/i, 'must be 64 hex digits'),
  models: arrayOf(text, 'must be an array of globs'),
  ips: (value) => cidrs(value) ?? (areRanges(value) ? undefined : { message: 'must be CIDRs such as 10.0.0.0/8' }),
  stream: flag,
  notBefore: instant,
  expiresAt: instant,
  disabled: flag,
  guardrail: (value) =>
    isGuardrail(value) ? undefined : { message: 'must be <id or ARN>:<version or DRAFT>, or false' },
  serviceTier: wordOf(serviceTiers),
  latency: wordOf(latencies),
  metadata: (value) => {
    const { fault } = readMetadata(value);
    return fault === undefined ? undefined : { message: fault };
  },
  modelAliases: (value) =>
    areModelAliases(value)
      ? undefined
      : { message: 'must be an object of model ids and ARNs of application inference profiles' },
  clientOptions: arrayOf(wordOf(clientOptions), `must be an array of ${options}`),
  team: name,
  limits: limitRulesFault,
};

const isoTime =
  /^(\d{4}-(?:0[1-9]|1[0-2])-\d{2})(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/** Whether a value is an ISO 8601 date or time of a day that exists. */
function isInstant(value: unknown): boolean {
  const [, day] = (typeof value === 'string' && isoTime.exec(value)) || [];
  if (day === undefined) return false;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

function isGuardrail(value: unknown): boolean {
  return value === false || (typeof value === 'string' && readGuardrail(value) !== undefined);
}

function areRanges(ranges: unknown): boolean {
  try {
    ipRanges(Array.isArray(ranges) ? ranges.map(String) : []);
    return true;
  } catch {
    return false;
  }
}

/** The minimum length of a token. Shorter tokens can be guessed. */
export const shortestToken = 8;

/**
 * Reads token records from the text of a secret: a JSON array of records, or a single token with all rights and the principal `default`.
 * Throws a `TypeError` that never quotes the text.
 */
export function readTokenText(text: string): readonly TokenRecord[] {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) return readTokenArray(trimmed);
  return parseTokenRecords([{ id: 'default', token: trimmed }]);
}

/** Reads token records from the text of a JSON array. Throws a `TypeError` that never quotes the text. */
export function readTokenArray(text: string): readonly TokenRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of `JSON.parse` would quote the text.
    throw new TypeError('The value is not valid JSON.');
  }
  return parseTokenRecords(value);
}

function assertLongEnough(records: readonly TokenRecord[]): readonly TokenRecord[] {
  const index = records.findIndex(({ token }) => token !== undefined && token.length < shortestToken);
  if (index === -1) return records;
  throw new TypeError(`Token record [${index}].token must have at least ${shortestToken} characters.`);
}
