import { PassThrough } from 'node:stream';
import { invoke, load } from './invoke.mjs';

// Measures a cold start in a new process: the import, and the import together with the first streamed answer.
const contender = JSON.parse(process.argv[2] ?? '');
const began = performance.now();
const handler = await load(contender);
const imported = performance.now() - began;
const stream = new PassThrough();
stream.resume();
await invoke(contender, handler, 'paced-20', stream);
const answered = performance.now() - began;
process.send?.({ imported, answered });
process.disconnect?.();
process.exit();
