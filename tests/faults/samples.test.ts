import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWire } from './read-wire.ts';

/** A recording of Bedrock's wire, with the result of a separate reader. */
interface Sample {
  readonly name: string;
  readonly wire?: string;
  readonly rawBase64: string;
  readonly expected: { readonly text: string; readonly error?: unknown };
}

const folder = process.env['BEDROCK_PROXY_SAMPLES'];
const samples = folder !== undefined && existsSync(folder) ? readSamples(folder) : undefined;

function readSamples(from: string): Sample[] {
  return readdirSync(from)
    .filter((file) => file.endsWith('.json'))
    .map((file): Sample => ({ name: file, ...JSON.parse(readFileSync(join(from, file), 'utf8')) }))
    .filter(({ rawBase64 }) => rawBase64 !== undefined);
}

if (samples === undefined) {
  it('recorded streams give the same result for every split', ({ skip }) => {
    const why = 'skipped: BEDROCK_PROXY_SAMPLES does not name a folder of recorded streams';
    console.log(why);
    skip(why);
  });
} else {
  it('the folder of recorded streams is not empty', () => {
    expect(samples.length).toBeGreaterThan(0);
  });

  describe.each(samples)('the recording $name', ({ rawBase64, wire, expected }) => {
    const bytes = Buffer.from(rawBase64, 'base64');

    it('gives the expected result', async () => {
      const { text, terminal } = await readWire([bytes]);
      // This reader ignores the events of another operation, but not its exceptions.
      if (wire === undefined) expect(text).toBe(expected.text);
      if (expected.error !== undefined) expect(terminal).not.toBe('done');
      else if (wire === undefined) expect(terminal).toBe('done');
    });

    it('gives the same result for every split in two, for single bytes and for random splits', async () => {
      const whole = await readWire([bytes]);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        expect(await readWire([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
      }
      expect(await readWire(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
      const cuts = fc
        .array(fc.nat(bytes.length), { maxLength: 9 })
        .map((at) => [0, ...at.sort((a, b) => a - b), bytes.length]);
      await fc.assert(
        fc.asyncProperty(cuts, async (at) => {
          expect(await readWire(at.map((end, index) => bytes.subarray(at[index - 1] ?? 0, end)))).toEqual(whole);
        }),
      );
    });
  });
}
