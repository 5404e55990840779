import { dynamoLimitStore } from '@bedrock-proxy/core/limits';
import { testLimitStore } from '@bedrock-proxy/testing/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dynalite, startDynalite } from './start-dynalite.ts';

let dynalite: Dynalite;
let table: string;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const storeOf = (name = table) =>
  dynamoLimitStore({ table: name, region: 'us-east-1', endpoint: dynalite.url, credentials });

beforeAll(async () => {
  dynalite = await startDynalite();
  table = await dynalite.createTable();
});
afterAll(() => dynalite[Symbol.asyncDispose]());

testLimitStore('dynamoLimitStore on dynalite', () => ({ store: storeOf() }));

describe('dynamoLimitStore on dynalite', () => {
  const signal = new AbortController().signal;

  it('writes an item with its key, its counters and when it expires', async () => {
    await storeOf().update('p|me|*|0', { add: { n: 1, 'h20261126.29401235': 4 }, expiresAt: 1_800_000_000 }, signal);
    expect((await dynalite.items(table))['p|me|*|0']).toEqual({ n: 1, 'h20261126.29401235': 4, x: 1_800_000_000 });
  });

  it('takes the ARN of a table for its Region and its name', async () => {
    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`;
    const store = dynamoLimitStore({ table: arn, endpoint: dynalite.url, credentials });
    const result = store.update('arn', { add: { n: 1 }, expiresAt: 1 }, signal);
    // dynalite takes names alone: it refuses the ARN as a name, after the request was signed for the Region of the ARN.
    await expect(result).rejects.toMatchObject({ permanent: true });
  });

  it('says of a table that is not there that an operator must act', async () => {
    await expect(storeOf('none').update('k', { add: { n: 1 }, expiresAt: 1 }, signal)).rejects.toMatchObject({
      message: 'DynamoDB_20120810.UpdateItem was refused: 400, ResourceNotFoundException.',
      permanent: true,
    });
  });
});
