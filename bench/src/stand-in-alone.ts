import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { frameSet } from './frame-set.ts';
import { median } from './median.ts';

// Measures the stand-in without a contender: milliseconds to the first frame of text, the median of 200 sequential
// requests.
const endpoint = new URL('/model/anthropic.claude-paced-20/invoke-with-response-stream', process.argv[2]);
const agent = new Agent({ keepAlive: true });
const [firstPiece = new Uint8Array()] = frameSet('invoke').pieces;
const times: number[] = [];
for (let i = 0; i < 300; i++) {
  const began = performance.now();
  const sent = request(endpoint, { agent, method: 'POST' });
  sent.end('{}');
  const [response] = await once(sent, 'response');
  let firstTextAt = Number.NaN;
  for await (const read of response) {
    if (Number.isNaN(firstTextAt) && read.includes(firstPiece)) firstTextAt = performance.now();
  }
  if (i >= 100) times.push(firstTextAt - began);
}
process.send?.(median(times));
process.exit();
