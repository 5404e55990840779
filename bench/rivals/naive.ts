import { BedrockRuntimeClient, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { pino } from 'pino';
import { z } from 'zod';
import type { FunctionUrlEvent, Invocation, ResponseStream } from '../src/lambda-runtime.ts';

const logger = pino();
const client = new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() });
const requestSchema = z.looseObject({ modelId: z.string().min(1), stream: z.boolean().optional() });

/**
 * A simple handler that an engineer can write in an afternoon: the SDK, zod, pino, `JSON.parse`, and one write for each
 * event.
 */
export const handler = awslambda.streamifyResponse(
  async (event: FunctionUrlEvent, stream: ResponseStream, context: Invocation) => {
    if (event.headers['authorization'] !== `Bearer ${process.env['AUTH_TOKEN']}`) {
      awslambda.HttpResponseStream.from(stream, { statusCode: 401, headers: {} }).end('{}');
      return;
    }
    const { modelId, stream: _stream, ...payload } = requestSchema.parse(JSON.parse(event.body ?? ''));
    const command = new InvokeModelWithResponseStreamCommand({
      modelId,
      contentType: 'application/json',
      body: JSON.stringify(payload),
    });
    const answer = await client.send(command);
    const out = awslambda.HttpResponseStream.from(stream, {
      statusCode: 200,
      headers: { 'content-type': 'text/event-stream' },
    });
    const decoder = new TextDecoder();
    let outputTokens = 0;
    for await (const part of answer.body ?? []) {
      const chunk = JSON.parse(decoder.decode(part.chunk?.bytes));
      if (chunk.type === 'content_block_delta') {
        out.write(`data: ${JSON.stringify({ content: chunk.delta.text })}\n\n`);
      }
      if (chunk.type === 'message_delta') outputTokens = chunk.usage.output_tokens;
    }
    out.write('data: [DONE]\n\n');
    out.end();
    logger.info({ requestId: context.awsRequestId, modelId, outputTokens }, 'request end');
  },
);
