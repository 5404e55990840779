import * as z from 'zod/mini';
import { type ClientOption, clientOptions } from './access-policy.js';
import { ipRanges } from './ip-allowlist.js';
import { readGuardrail } from './read-guardrail.js';
import type { TokenRecord } from './token-record.js';

/** The characters that a header can hold. Commas are excluded, because they join repeated headers. */
export const presentable = /^[!-+\--~]+$/;

let schema: ReturnType<typeof createSchema> | undefined;

/**
 * Validates token records. Unknown fields are refused: a misspelled `expiresAt` would create a token that never expires. A token that is
 * too short is refused too. Throws a `TypeError` that names the place, such as `Token record [1].sha256`, but never quotes the value.
 */
export function parseTokenRecords(value: unknown): readonly TokenRecord[] {
  // Created on first use, because AUTH_TOKEN alone does not need it.
  schema ??= createSchema();
  const parsed = schema.safeParse(value);
  if (parsed.success) return assertLongEnough(parsed.data);
  const [issue] = parsed.error.issues;
  const place = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw new TypeError(`${place ? `Token record ${place}` : 'The value'} ${issue?.message}.`);
}

function createSchema() {
  const text = z.string({ error: 'must be a string' });
  const flag = z.boolean({ error: 'must be true or false' });
  const zones = { offset: true, local: true };
  const instant = z.union([z.iso.datetime(zones), z.iso.datetime({ ...zones, precision: -1 }), z.iso.date()], {
    error: 'must be an ISO 8601 time such as 2026-12-31T00:00:00Z',
  });

  return z.array(
    z
      .strictObject(
        {
          id: text.check(z.regex(/^(?=.*\S)\P{Cc}{1,128}$/u, 'must have 1 to 128 characters')),
          token: z.optional(text.check(z.regex(presentable, 'must be printable ASCII without spaces and commas'))),
          sha256: z.optional(text.check(z.regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits'))),
          models: z.optional(z.array(text, { error: 'must be an array of globs' })),
          ips: z.optional(
            z
              .array(text, { error: 'must be an array of CIDRs' })
              .check(z.refine(areRanges, 'must be CIDRs such as 10.0.0.0/8')),
          ),
          stream: z.optional(flag),
          notBefore: z.optional(instant),
          expiresAt: z.optional(instant),
          disabled: z.optional(flag),
          guardrail: z.optional(z.custom<string | false>(isGuardrail, noGuardrail)),
          clientOptions: z.optional(
            z.array(z.custom<ClientOption>(isClientOption, `must be one of ${clientOptions.join(', ')}`), {
              error: `must be an array of ${clientOptions.join(', ')}`,
            }),
          ),
        },
        {
          error: ({ code }) =>
            code === 'unrecognized_keys'
              ? 'has an unknown field; allowed are id, token, sha256, models, ips, stream, notBefore, expiresAt, disabled, guardrail and clientOptions'
              : 'must be an object',
        },
      )
      .check(
        z.refine(
          ({ token, sha256 }) => (token === undefined) !== (sha256 === undefined),
          'needs token or sha256, not both',
        ),
      ),
    { error: 'must be an array of token records' },
  );
}

const noGuardrail = 'must be <id or ARN>:<version or DRAFT>, or false';

function isGuardrail(value: unknown): boolean {
  return value === false || (typeof value === 'string' && readGuardrail(value) !== undefined);
}

function isClientOption(value: unknown): boolean {
  return clientOptions.some((option) => option === value);
}

function areRanges(ranges: readonly string[]): boolean {
  try {
    ipRanges(ranges);
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
