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
  secret: { type: 'string' },
  parameter: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
});

const unitMs = { h: 3_600_000, d: 86_400_000 };

/**
 * @typedef {import('./create-token.mjs').TokenRights} TokenRights
 * @typedef {import('./token-store.mjs').StorePlace} StorePlace
 * @typedef {(
 *   | { readonly name: 'list', readonly store: StorePlace }
 *   | { readonly name: 'revoke', readonly id: string, readonly store: StorePlace, readonly yes: boolean }
 *   | { readonly name: 'add', readonly id: string, readonly rights: TokenRights, readonly store: StorePlace, readonly yes: boolean }
 * )} EditCommand a command that reads or changes a store
 */

const commands = ['create', 'add', 'list', 'revoke'];

/**
 * Reads the arguments of `npm run token`.
 *
 * @param {readonly string[]} args
 * @param {number} [now] milliseconds since the epoch
 * @returns {'help' | { readonly name: 'create', readonly rights: TokenRights } | EditCommand}
 * @throws {StepFailure} if an argument is invalid
 */
export function readTokenArguments(args, now = Date.now()) {
  const { values, positionals } = parse(args);
  const [name, ...more] = positionals;
  if (values.help || args.length === 0) return 'help';
  if (name === undefined) throw failure(`the command is missing: ${commands.join(', ')}`);
  if (!commands.includes(name)) throw failure(`unknown command ${name}; the commands are: ${commands.join(', ')}`);
  if (more.length > 0) throw failure(`unexpected argument ${more.join(' ')}: separate list items by commas, in quotes`);
  const { yes = false } = values;
  if (name === 'create') {
    if (values.secret !== undefined || values.parameter !== undefined)
      throw failure('create changes no store: use add with --secret or --parameter');
    return { name, rights: readRights(values, now) };
  }
  const store = readStore(values);
  if (name === 'list') return { name, store };
  if (name === 'revoke') return { name, id: readId(values), store, yes };
  const rights = readRights(values, now);
  return { name: 'add', id: rights.id, rights, store, yes };
}

/** @typedef {ReturnType<typeof parse>['values']} Values */

/**
 * @param {Values} values
 * @returns {StorePlace}
 */
function readStore({ secret, parameter }) {
  if (secret !== undefined && parameter === undefined) return { secret };
  if (parameter !== undefined && secret === undefined) return { parameter };
  throw failure('state one store: --secret NAME in Secrets Manager, or --parameter NAME in Parameter Store');
}

/** @param {Values} values */
function readId({ id }) {
  if (id === undefined) throw failure('--id is missing: state the owner of the token');
  if (!/^(?=.*\S)\P{Cc}{1,128}$/u.test(id)) throw failure('--id must have 1 to 128 characters');
  return id;
}

/**
 * @param {Values} values
 * @param {number} now
 * @returns {TokenRights}
 */
function readRights(values, now) {
  const id = readId(values);
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
