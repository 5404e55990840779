import { PassThrough } from 'node:stream';
import { invoke, load } from './invoke.mjs';

// A cold start: the import in a fresh process, and with it the first streamed answer.
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
