import { createInterface } from 'node:readline/promises';
import { StepFailure } from '../run-process.mjs';
import { createToken } from './create-token.mjs';
import { tokenStore } from './token-store.mjs';

/** @typedef {import('./read-token-arguments.mjs').EditCommand} EditCommand */

/**
 * Lists, adds or revokes tokens in a store. A change is shown and confirmed before it is written.
 *
 * @param {EditCommand} command
 * @param {(question: string) => Promise<boolean>} [confirm]
 * @returns {Promise<string>} what to print
 * @throws {StepFailure} if the store cannot be read or written, or nobody confirms
 */
export async function editTokens(command, confirm = askUser) {
  const store = tokenStore(command.store);
  const records = store.read();
  if (command.name === 'list') return renderRecords(records);

  const { id } = command;
  const own = records.filter((record) => record.id === id);
  if (command.name === 'revoke') {
    if (own.length === 0) throw new StepFailure(`${store.name} has no record of ${id}.`);
    const change = `Remove from ${store.name}:\n${renderRecords(own)}`;
    if (!command.yes && !(await confirm(change))) throw new StepFailure('Nothing was changed.');
    store.write(records.filter((record) => record.id !== id));
    return `Revoked. The proxy refuses the token of ${id} within AUTH_TOKENS_TTL_SECONDS (60).`;
  }

  const { token, record } = createToken(command.rights);
  const more = own.length > 0 ? `\n${id} has a token already. Both are accepted until you revoke one.` : '';
  const change = `Add to ${store.name}:\n${JSON.stringify(record)}${more}`;
  if (!command.yes && !(await confirm(change))) throw new StepFailure('Nothing was changed.');
  store.write([...records, record]);
  return `The token is shown only once. Send it to its owner over a secure channel:\n\n${token}`;
}

/** @param {readonly import('./token-store.mjs').StoredRecord[]} records */
function renderRecords(records) {
  if (records.length === 0) return 'no records';
  return records.map((record) => [record.id, stateOf(record), rightsOf(record)].filter(Boolean).join('  ')).join('\n');
}

/** @param {Readonly<Record<string, unknown>>} record */
function stateOf({ disabled, notBefore, expiresAt }) {
  if (disabled === true) return 'disabled';
  if (expiresAt !== undefined && Date.parse(String(expiresAt)) <= Date.now()) return `expired ${expiresAt}`;
  if (notBefore !== undefined && Date.parse(String(notBefore)) > Date.now()) return `valid from ${notBefore}`;
  return expiresAt === undefined ? 'valid' : `valid until ${expiresAt}`;
}

/** @param {Readonly<Record<string, unknown>>} record */
function rightsOf({ models, ips, stream }) {
  return [
    Array.isArray(models) ? `models ${models.join(',') || 'none'}` : 'all models',
    Array.isArray(ips) ? `from ${ips.join(',')}` : '',
    stream === false ? 'no streams' : '',
  ]
    .filter(Boolean)
    .join('  ');
}

/** @param {string} change */
async function askUser(change) {
  if (!process.stdin.isTTY) throw new StepFailure(`${change}\nPass --yes to do this without a question.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${change}\nContinue? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
