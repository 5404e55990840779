import type { ResponsePrelude } from '../invoke.js';

/** An answer's status and headers, a name once for each of its values. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A whole answer. */
export interface FrontAnswer extends AnswerHead {
  readonly body: Buffer;
}

/** A gateway's own answer, in its JSON. */
export function jsonAnswer(status: number, value: unknown): FrontAnswer {
  return { status, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify(value)) };
}

/** The head that a prelude, or a buffered result of the same members, asks for. */
export function answerHead(prelude: ResponsePrelude, defaultContentType: string): AnswerHead {
  const { statusCode = 200, headers = {}, multiValueHeaders = {}, cookies = [] } = prelude;
  const single = Object.entries(headers);
  // Both maps count; a pair that stands in both goes out once.
  const multiple = Object.entries(multiValueHeaders)
    .flatMap(([name, values]) => values.map((value) => [name, value] as const))
    .filter(
      ([name, value]) => !single.some(([other, same]) => other.toLowerCase() === name.toLowerCase() && same === value),
    );
  const pairs = [...single, ...multiple, ...cookies.map((cookie) => ['set-cookie', cookie] as const)];
  const hasContentType = pairs.some(([name]) => name.toLowerCase() === 'content-type');
  return { status: statusCode, headers: hasContentType ? pairs : [...pairs, ['content-type', defaultContentType]] };
}
