import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contenders } from './contenders.ts';
import { eagerBytes } from './eager-bytes.ts';
import { gatherBundles } from './gather-bundles.ts';
import { environment } from './invoke.mjs';
import { measureManyStreams, printManyStreams } from './many-streams.ts';
import { type MeasureName, measures } from './measures.ts';
import { printSpans, printTable, type Samples } from './print-table.ts';
import { runChild } from './run-child.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    starts: { type: 'string', default: '15' },
    only: { type: 'string' },
  },
});
const inScope = (name: string): boolean => !options.only || options.only.split(',').includes(name);
const thatTake = (measure: string) => contenders.filter(({ only }) => !only || only.includes(measure));

await gatherBundles();
const standIn = fork(fileURLToPath(new URL('stand-in.ts', import.meta.url)), { execArgv: [] });
const [port] = await once(standIn, 'message');
const env = environment(Number(port));
const began = { at: new Date().toISOString(), load: loadavg()[0] };
const samples: Samples = {};

/** Adds a number to the samples of a measure and a contender. */
function note(measure: string, contender: string, value: number): void {
  samples[measure] ??= {};
  samples[measure][contender] ??= [];
  samples[measure][contender].push(value);
}

try {
  if (inScope('bytes'))
    for (const { name, folder } of thatTake('bytes')) note('bytes', name, eagerBytes(folder) / 1_000);
  if (inScope('span')) {
    const [{ folder } = { folder: '' }] = contenders;
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const provider of ['none', 'sdk']) {
        note('span', provider, await runChild<number>('./span-cost.ts', [provider, folder], env));
      }
    }
  }
  if (inScope('start')) {
    for (let round = 0; round < Number(options.starts); round++) {
      for (const contender of thatTake('start')) {
        const { imported, answered } = await runChild<{ imported: number; answered: number }>(
          './start-process.mjs',
          [JSON.stringify(contender)],
          { ...env, ...contender.environment },
        );
        note('import', contender.name, imported);
        note('firstAnswer', contender.name, answered);
      }
    }
  }
  for (const name of (Object.keys(measures) as MeasureName[]).filter(inScope)) {
    for (let round = 0; round < Number(options.rounds); round++) {
      // A buffered handler writes its whole answer at the end, so only its start is comparable.
      for (const contender of thatTake(name).filter(({ streams }) => streams)) {
        const own = { ...env, ...contender.environment };
        note(name, contender.name, await runChild('./measure-process.ts', [name, JSON.stringify(contender)], own));
      }
    }
    if (name === 'firstText') {
      const url = env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME;
      for (let round = 0; round < Number(options.rounds); round++) {
        note('standInAlone', 'stand-in', await runChild('./stand-in-alone.ts', [url], env));
      }
    }
    process.stderr.write(`${name} measured\n`);
  }
} finally {
  standIn.disconnect();
}
const manyStreams = inScope('many') ? await measureManyStreams() : [];

const machine = {
  node: process.version,
  cpus: availableParallelism(),
  loadBefore: began.load,
  loadAfter: loadavg()[0],
};
printTable(
  samples,
  contenders.map(({ name }) => name),
);
printSpans(samples);
if (manyStreams.length > 0) printManyStreams(manyStreams);
console.log(`\n${JSON.stringify(machine)}`);
if (!options.only) {
  const results = { at: began.at, machine, samples, manyStreams };
  writeFileSync(new URL('../results.json', import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`);
}
