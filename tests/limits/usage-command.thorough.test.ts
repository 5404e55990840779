import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runScript } from '../../deploy/src/testing/run-script.ts';
import { startDynalite } from './start-dynalite.ts';

const main = 'deploy/src/usage/main.ts';
const folder = mkdtempSync(join(tmpdir(), 'usage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run usage', () => {
  it('reads the whole table, page by page', async () => {
    await using dynalite = await startDynalite();
    const table = await dynalite.createTable();
    const put = (k: string, counters: Record<string, number>, filler = '') =>
      dynalite.call('PutItem', {
        TableName: table,
        Item: {
          ...{ k: { S: k }, x: { N: '1' } },
          ...Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, { N: String(count) }])),
          ...(filler && { filler: { S: filler } }),
        },
      });
    // A page has at most 1 MB.
    for (let n = 0; n < 4; n++) await put(`p|caller-${n}|*|0`, { n }, 'x'.repeat(350_000));
    await put('t|search|*|0', { n: 7 });
    const file = join(folder, 'limits.json');
    writeFileSync(file, JSON.stringify({ each: { concurrent: 5 } }));
    const env = {
      ...{ AWS_ENDPOINT_URL_DYNAMODB: dynalite.url, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    };
    const all = await runScript(main, ['--table', table, '--limits', file, '--json'], env);
    expect(all.errors).toBe('');
    expect(JSON.parse(all.output)).toHaveLength(5);
    expect(JSON.parse(all.output)).toContainEqual({
      ...{ kind: 'principal', name: 'caller-3', models: '*' },
      ...{ used: { concurrent: 3 }, left: { concurrent: 2 } },
    });
    const one = await runScript(main, ['--table', table, '--principal', 'caller-2'], env);
    expect(one.output).toMatch(/^principal caller-2\n {2}calls under way +2\n$/);
    const team = await runScript(main, ['--table', table, '--team', 'search'], env);
    expect(team.output).toMatch(/^team search\n/);
    const none = await runScript(main, ['--table', 'none'], env);
    expect(none.code).toBe(1);
    expect(none.errors).toMatch(/^The table none cannot be read\. You need dynamodb:Scan on it/);
  });
});
