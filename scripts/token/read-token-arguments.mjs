import { isIP } from 'node:net';
// This command runs before dependencies are installed, so Node's own parser reads the options.
import { parseArgs } from 'node:util';
import { StepFailure } from '../run-process.mjs';

const options = /** @type {const} */ ({
  id: { type: 'string' },
  models: { type: 'string', multiple: true },
  ips: { type: 'string', multiple: true },
  'no-stream': { type: 'boolean' },
  'not-before': { type: 'string' },
  expires: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
});

const unitMs = { h: 3_600_000, d: 86_400_000 };

/**
 * Reads the arguments of `npm run token`.
 *
 * @param {readonly string[]} args
 * @param {number} [now] milliseconds since the epoch
 * @returns {import('./create-token.mjs').TokenRights | 'help'}
 * @throws {StepFailure} if an argument is invalid
 */
export function readTokenArguments(args, now = Date.now()) {
  const { values, positionals } = parse(args);
  const [command, ...more] = positionals;
  if (values.help || args.length === 0) return 'help';
  if (command !== 'create') throw failure(command ? `unknown command ${command}` : 'the command is missing: create');
  if (more.length > 0) throw failure(`unexpected argument ${more.join(' ')}: separate list items by commas, in quotes`);
  const { id } = values;
  if (id === undefined) throw failure('--id is missing: state the owner of the token');
  if (!/^(?=.*\S)\P{Cc}{1,128}$/u.test(id)) throw failure('--id must have 1 to 128 characters');
  const expiresAt = readMoment('--expires', values.expires, now);
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now) throw failure('--expires is in the past');
  const notBefore = readMoment('--not-before', values['not-before'], now);
  const models = readList('--models', values.models);
  const ips = readList('--ips', values.ips);
  const unreadable = ips?.find((range) => !isRange(range));
  if (unreadable !== undefined) throw failure(`--ips: ${unreadable} is not a CIDR such as 10.0.0.0/8 or 2001:db8::/32`);
  return {
    id,
    ...(models && { models }),
    ...(ips && { ips }),
    ...(values['no-stream'] && { stream: /** @type {const} */ (false) }),
    ...(notBefore && { notBefore }),
    ...(expiresAt && { expiresAt }),
  };
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw failure(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/**
 * @param {string} name
 * @param {readonly string[] | undefined} values
 */
function readList(name, values) {
  const items = values?.flatMap((value) => value.split(/[\s,]+/)).filter((item) => item !== '');
  if (items?.length === 0) throw failure(`${name} is empty: omit it to allow all`);
  return items;
}

/**
 * Reads a time and returns it as ISO 8601 in UTC.
 *
 * @param {string} name
 * @param {string | undefined} value
 * @param {number} now
 */
function readMoment(name, value, now) {
  if (value === undefined) return undefined;
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(value) ?? [];
  if (count !== undefined) {
    return new Date(now + Number(count) * unitMs[/** @type {'d' | 'h'} */ (unit)]).toISOString();
  }
  const isComplete = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(value);
  const moment = new Date(value);
  // Date reads 31 February as 3 March, so the day must not exceed the length of the month.
  const isReal = Date.UTC(Number(value.slice(0, 4)), Number(value.slice(5, 7)), 0) >= Date.parse(value.slice(0, 10));
  if (!isComplete || Number.isNaN(moment.getTime()) || !isReal) {
    throw failure(`${name} must be a time such as 90d, 12h, 2026-12-31 or 2026-12-31T18:00:00Z`);
  }
  return moment.toISOString();
}

/** @param {string} range */
function isRange(range) {
  const [address = '', bits, ...rest] = range.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** @param {string} problem */
function failure(problem) {
  return new StepFailure(`${problem}; see npm run token -- --help`);
}
