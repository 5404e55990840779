import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { streamText } from 'ai';
import { Hono } from 'hono';
import { streamHandle } from 'hono/aws-lambda';
import { bearerAuth } from 'hono/bearer-auth';

const { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: baseURL = '', AUTH_TOKEN: token = '' } = process.env;
const bedrock = createAmazonBedrock({ baseURL });

const app = new Hono();
app.use(bearerAuth({ token }));
app.post('*', async (context) => {
  const { modelId, messages, max_tokens } = await context.req.json();
  const prompt = messages.map(({ content }: { content: string }) => content).join('\n');
  return streamText({ model: bedrock(modelId), maxOutputTokens: max_tokens, prompt }).toUIMessageStreamResponse();
});

/** A popular framework with a popular model library, written as in their guides. */
export const handler = streamHandle(app);
