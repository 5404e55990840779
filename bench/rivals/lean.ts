import type { FunctionUrlEvent, ResponseStream } from '../src/lambda-runtime.ts';
import { sendSigned } from './send-signed.ts';

const { crc32 } = process.getBuiltinModule('node:zlib');

/**
 * A lower bound for the cost. It signs requests, checks frames and waits for slow readers. It has no validation, auth,
 * limits, retries, error handling or log, so it is not a design to use.
 */
export const handler = awslambda.streamifyResponse(async (event: FunctionUrlEvent, stream: ResponseStream) => {
  const { modelId, stream: _stream, ...payload } = JSON.parse(event.body ?? '');
  const answer = await sendSigned(`/model/${modelId}/invoke-with-response-stream`, JSON.stringify(payload));
  const out = awslambda.HttpResponseStream.from(stream, {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream' },
  });
  let rest: Buffer = Buffer.alloc(0);
  for await (const read of answer as AsyncIterable<Buffer>) {
    let bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    let text = '';
    while (bytes.length >= 12 && bytes.length >= bytes.readUInt32BE(0)) {
      const length = bytes.readUInt32BE(0);
      text += eventOf(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
    rest = bytes;
    if (text !== '' && !out.write(text)) await new Promise<void>((resolve) => void out.once('drain', resolve));
  }
  out.write('data: [DONE]\n\n');
  out.end();
});

function eventOf(frame: Buffer): string {
  const end = frame.length - 4;
  if (crc32(frame.subarray(0, 8)) !== frame.readUInt32BE(8)) throw new Error('corrupt prelude');
  if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw new Error('corrupt frame');
  const { bytes } = JSON.parse(frame.toString('utf8', 12 + frame.readUInt32BE(4), end));
  const { delta } = JSON.parse(Buffer.from(bytes, 'base64').toString('utf8'));
  return delta?.text === undefined ? '' : `data: {"content":${JSON.stringify(delta.text)}}\n\n`;
}
