import type { ErrorCode } from '@bedrock-proxy/core';
import { type EmulatorReply, exceptionReply } from '../../emulator/index.js';
import { claude } from './question.js';
import type { SentRequest } from './send-request.js';

/** The tokens that the checks are made with. */
export interface CheckedTokens {
  /** One with every right. */
  readonly wide: string;
  /** One that may use `amazon.*` alone, and not stream. */
  readonly narrow: string;
}

interface RequestDraft {
  method: string;
  path: string;
  headers: Record<string, string>;
  members: Record<string, unknown>;
  write: (json: string) => string;
  reply: EmulatorReply | undefined;
}

/** One thing that decides what becomes of a request. */
export interface Check {
  readonly name: string;
  readonly status: number;
  /** Absent where it is no error. */
  readonly code?: ErrorCode;
  /** Makes a draft be decided by it. What comes earlier is applied later, so that it has its way where two want the same member. */
  apply(draft: RequestDraft): void;
}

/** What stands in the way of a request, in the order in which it is met. `maxBodyBytes` is the adapter's limit. */
export function checksInOrder({ narrow }: CheckedTokens, maxBodyBytes: number): readonly Check[] {
  const authorize = (draft: RequestDraft, token: string) => {
    draft.headers.authorization = `Bearer ${token}`;
  };
  return [
    { name: 'OPTIONS', status: 204, apply: (draft) => Object.assign(draft, { method: 'OPTIONS' }) },
    { name: 'GET /health', status: 200, apply: (draft) => Object.assign(draft, { method: 'GET', path: '/health' }) },
    {
      name: 'a reserved path',
      status: 404,
      code: 'not_found',
      apply: (draft) => Object.assign(draft, { path: '/v1/a' }),
    },
    { name: 'PUT', status: 405, code: 'method_not_allowed', apply: (draft) => Object.assign(draft, { method: 'PUT' }) },
    {
      name: 'a wrong token',
      status: 401,
      code: 'invalid_token',
      apply: (draft) => authorize(draft, 'wrong-token-entirely'),
    },
    {
      name: 'a large body',
      status: 413,
      code: 'body_too_large',
      apply: (draft) => {
        const { write } = draft;
        draft.write = (json) => write(json).padEnd(maxBodyBytes + 1);
      },
    },
    {
      name: 'broken JSON',
      status: 400,
      code: 'invalid_json',
      apply: (draft) => {
        const { write } = draft;
        draft.write = (json) => write(json).replace('{', '{,');
      },
    },
    {
      name: 'a header that would be skipped',
      status: 400,
      code: 'invalid_request',
      apply: (draft) => Object.assign(draft.headers, { 'x-amzn-bedrock-trace': 'ENABLED' }),
    },
    {
      name: 'no model id',
      status: 400,
      code: 'invalid_model',
      apply: (draft) => Object.assign(draft.members, { modelId: 'a..b' }),
    },
    {
      name: "a model that is not the caller's",
      status: 403,
      code: 'model_not_allowed',
      apply: (draft) => {
        authorize(draft, narrow);
        draft.members.modelId = claude;
      },
    },
    {
      name: "a stream that is not the caller's",
      status: 403,
      code: 'stream_not_allowed',
      apply: (draft) => {
        authorize(draft, narrow);
        Object.assign(draft.members, { modelId: 'amazon.nova-lite-v1:0', stream: true });
      },
    },
    {
      name: 'a refusal of Bedrock',
      status: 429,
      code: 'throttled',
      apply: (draft) => Object.assign(draft, { reply: exceptionReply('ThrottlingException', 'Slow down') }),
    },
  ];
}

/** A request that all of these checks decide, given in their order, and what Bedrock says to it. */
export function requestFailing(checks: readonly Check[], { wide }: CheckedTokens) {
  const draft: RequestDraft = {
    method: 'POST',
    path: '/chat',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${wide}` },
    members: {
      modelId: claude,
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hello' }],
    },
    write: (json) => json,
    reply: undefined,
  };
  for (const check of checks.toReversed()) check.apply(draft);
  const { method, path, headers, members, write, reply } = draft;
  const request: SentRequest = { method, headers, body: write(JSON.stringify(members)) };
  return { path, request, reply };
}
