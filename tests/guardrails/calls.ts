const claude = 'anthropic.claude-sonnet-4-6';
const messages = [{ role: 'user', content: 'Hello' }];
const anthropic = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 50, messages };
const converse = { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] };

/** One way of asking a model. */
export interface Call {
  readonly name: string;
  readonly dialect: 'native' | 'bedrock' | 'anthropic' | 'openai';
  /** The operation of Bedrock that the call becomes. */
  readonly operation: 'invoke-model' | 'converse' | 'count-tokens';
  readonly stream: boolean;
  readonly path: string;
  readonly body: object;
}

const path = (operation: string, id = claude) => `/model/${encodeURIComponent(id)}/${operation}`;
const openAi = { dialect: 'openai', path: '/v1/chat/completions' } as const;

/** Every dialect and operation, streamed and not. */
export const calls: readonly Call[] = [
  ...[false, true].flatMap((stream): readonly Call[] => [
    {
      ...{ name: `native${stream ? ', streamed' : ''}`, dialect: 'native', operation: 'invoke-model', stream },
      ...{ path: '/chat', body: { modelId: claude, stream, ...anthropic } },
    },
    {
      ...{ name: `Bedrock, InvokeModel${stream ? ', streamed' : ''}`, dialect: 'bedrock', operation: 'invoke-model' },
      ...{ stream, path: path(stream ? 'invoke-with-response-stream' : 'invoke'), body: anthropic },
    },
    {
      ...{ name: `Bedrock, Converse${stream ? ', streamed' : ''}`, dialect: 'bedrock', operation: 'converse', stream },
      ...{ path: path(stream ? 'converse-stream' : 'converse'), body: converse },
    },
    {
      ...{ name: `Anthropic, messages${stream ? ', streamed' : ''}`, dialect: 'anthropic', operation: 'invoke-model' },
      ...{ stream, path: '/v1/messages', body: { model: claude, stream, max_tokens: 50, messages } },
    },
    {
      ...{ name: `OpenAI, chat${stream ? ', streamed' : ''}`, ...openAi, operation: 'converse', stream },
      ...{ body: { model: claude, stream, messages } },
    },
  ]),
  {
    ...{ name: 'Bedrock, CountTokens', dialect: 'bedrock', operation: 'count-tokens', stream: false },
    ...{ path: path('count-tokens'), body: { input: { converse } } },
  },
  {
    ...{ name: 'Anthropic, count_tokens', dialect: 'anthropic', operation: 'count-tokens', stream: false },
    ...{ path: '/v1/messages/count_tokens', body: { model: claude, messages } },
  },
  {
    ...{ name: 'OpenAI, embeddings', dialect: 'openai', operation: 'invoke-model', stream: false },
    ...{ path: '/v1/embeddings', body: { model: 'amazon.titan-embed-text-v2:0', input: 'Hello' } },
  },
];
