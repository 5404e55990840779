import type { FunctionUrlEvent, ResponseStream } from '../src/lambda-runtime.ts';
import { sendSigned } from './send-signed.ts';

/** A lower bound for the cost of Bedrock's own API: it signs a request, and hands the bytes of the answer on without a look at them. */
export const handler = awslambda.streamifyResponse(async (event: FunctionUrlEvent, stream: ResponseStream) => {
  const answer = await sendSigned(event.rawPath, event.body ?? '');
  const out = awslambda.HttpResponseStream.from(stream, {
    statusCode: 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
  });
  for await (const read of answer as AsyncIterable<Buffer>) {
    if (!out.write(read)) await new Promise<void>((resolve) => void out.once('drain', resolve));
  }
  out.end();
});
