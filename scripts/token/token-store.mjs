import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepFailure } from '../run-process.mjs';

/**
 * @typedef {{ readonly secret: string } | { readonly parameter: string }} StorePlace
 * @typedef {Readonly<Record<string, unknown>> & { readonly id: string }} StoredRecord
 */

/**
 * The list of token records in Secrets Manager or Parameter Store. The AWS CLI reads and writes it, with its own profiles and Regions.
 *
 * @param {StorePlace} place
 */
export function tokenStore(place) {
  const isSecret = 'secret' in place;
  const name = isSecret ? place.secret : place.parameter;

  return {
    name,

    /**
     * @returns {readonly StoredRecord[]}
     * @throws {StepFailure} if the list cannot be read
     */
    read() {
      const args = isSecret
        ? ['secretsmanager', 'get-secret-value', '--secret-id', name, '--query', 'SecretString']
        : ['ssm', 'get-parameter', '--name', name, '--with-decryption', '--query', 'Parameter.Value'];
      return readRecords(JSON.parse(aws([...args, '--output', 'json'])), name);
    },

    /**
     * @param {readonly StoredRecord[]} records
     * @throws {StepFailure} if the list cannot be written
     */
    write(records) {
      // Other users of the machine can read the arguments of a process, so the list goes through a file of this user.
      const folder = mkdtempSync(join(tmpdir(), 'bedrock-proxy-token-'));
      try {
        const file = join(folder, 'records.json');
        writeFileSync(file, JSON.stringify(records), { mode: 0o600 });
        const args = isSecret
          ? ['secretsmanager', 'put-secret-value', '--secret-id', name, '--secret-string']
          : ['ssm', 'put-parameter', '--name', name, '--type', 'SecureString', '--overwrite', '--value'];
        aws([...args, `file://${file}`]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** @type {Readonly<Record<string, string>>} */
const howToCreate = {
  secretsmanager: "aws secretsmanager create-secret --name NAME --secret-string '[]'",
  ssm: "aws ssm put-parameter --name NAME --type SecureString --value '[]'",
};

/** @param {readonly string[]} args */
function aws(args) {
  const { status, stdout, stderr, error } = spawnSync('aws', args, { encoding: 'utf8' });
  if (error) throw new StepFailure('This command needs the AWS CLI: install it, or edit the list in the console.');
  if (status === 0) return stdout;
  const remedy = /(?:Resource|Parameter)NotFound/.test(stderr)
    ? `There is no such store in this account and Region: create it first, with the value [] (${howToCreate[args[0] ?? '']}).`
    : `aws ${args[0]} ${args[1]} failed.`;
  throw new StepFailure(`${stderr.trim()}\n${remedy}`);
}

/**
 * @param {unknown} text
 * @param {string} name
 * @returns {readonly StoredRecord[]}
 */
function readRecords(text, name) {
  /** @type {unknown} */
  let records;
  try {
    records = JSON.parse(String(text));
  } catch {
    records = undefined;
  }
  if (!Array.isArray(records) || !records.every((record) => typeof record?.id === 'string')) {
    throw new StepFailure(
      `${name} does not hold a JSON array of records. If it holds one plain token, write [] first.`,
    );
  }
  return records;
}
