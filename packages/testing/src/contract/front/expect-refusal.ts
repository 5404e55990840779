import type { ErrorCode } from '@bedrock-proxy/core';
import { expect } from 'vitest';
import type { LoggedAnswer } from './front-under-test.js';

/** What a refusal is told with. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Whether the request's own mistakes are listed. */
  readonly issues?: boolean;
}

interface ErrorMembers {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
}

/** The members of OpenAI's errors in place of the native ones: a path below /v1 is refused in that form. */
const openAiMembers = { type: expect.stringMatching(/\S/), param: null };

/** Expects an answer to be a plain error of exactly this kind. Gives its message. */
export function expectRefusal(answer: LoggedAnswer, refusal: Refusal): string {
  const { status, code, retryable = false, retryAfter, issues = false } = refusal;
  const { error }: { readonly error: ErrorMembers } = JSON.parse(answer.text);
  expect({ status: answer.status, code: error.code }).toEqual({ status, code });
  const isOpenAi = answer.end.dialect === 'openai';
  expect(error).toEqual({
    code,
    message: expect.stringMatching(/\S/),
    ...(isOpenAi ? openAiMembers : { requestId: answer.headers['x-request-id'] }),
    ...(retryable && !isOpenAi && { retryable: true }),
    ...(issues && { issues: expect.arrayContaining([{ path: expect.any(String), message: expect.any(String) }]) }),
  });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(answer.headers['retry-after']).toBe(retryAfter === undefined ? undefined : String(retryAfter));
  expect(answer.end).toMatchObject({ status, code });
  return error.message;
}
