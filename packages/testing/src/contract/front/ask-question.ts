import type { ErrorCode } from '@bedrock-proxy/core';
import { expect } from 'vitest';
import type { DialectAnswer, DialectQuestion, DialectQuestions, DialectReading } from '../dialect/dialect-setup.js';
import type { FrontUnderTest, LoggedAnswer } from './front-under-test.js';
import type { SentRequest } from './send-request.js';

/** An answer, and its reading by a client of the dialect. */
export interface ReadAnswer extends LoggedAnswer {
  readonly reading: DialectReading;
}

/** Asks a question of a dialect through a front. `changes` replace members of its request. */
export async function askQuestion(
  front: FrontUnderTest,
  { request, read }: DialectQuestion,
  changes: SentRequest = {},
): Promise<ReadAnswer> {
  const { method = 'POST', path, query, headers = {}, body } = request;
  const target = query === undefined ? path : `${path}?${query}`;
  const answer = await front.ask(target, {
    ...{ method, ...(body !== undefined && { body }) },
    ...changes,
    headers: { ...headers, ...changes.headers },
  });
  return { ...answer, reading: read(dialectAnswerOf(answer)) };
}

/** Expects the plain error of this code, in the dialect's own words. */
export function expectPlainError(
  { status, reading, text, end }: ReadAnswer,
  code: ErrorCode,
  dialect: DialectQuestions,
) {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(reading).toMatchObject({ kind: 'error', text: '', code: dialect.errorCode?.(code) ?? code });
  expect(text).not.toMatch(/arn:|123456789012|secret-role/);
  expect(end).toMatchObject({ status, code });
}

function dialectAnswerOf({ status, headers, body, text }: LoggedAnswer): DialectAnswer {
  const values = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { status, headers: Object.fromEntries(values), body, text, isComplete: true };
}
