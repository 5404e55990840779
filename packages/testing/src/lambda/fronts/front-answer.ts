import type { ResponsePrelude } from '../invoke.js';

/** Status and headers of an answer. A header with several values is listed several times. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A whole answer. */
export interface FrontAnswer extends AnswerHead {
  readonly body: Buffer;
}

/** An answer of the gateway itself, with a JSON body. */
export function jsonAnswer(status: number, value: unknown): FrontAnswer {
  return { status, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify(value)) };
}

/** The head for a prelude, or for a buffered result, which has the same members. */
export function answerHead(prelude: ResponsePrelude, defaultContentType: string): AnswerHead {
  const { statusCode = 200, headers = {}, multiValueHeaders = {}, cookies = [] } = prelude;
  const single = Object.entries(headers);
  // AWS merges both maps. A pair that is in both is sent once.
  const multiple = Object.entries(multiValueHeaders)
    .flatMap(([name, values]) => values.map((value) => [name, value] as const))
    .filter(
      ([name, value]) => !single.some(([other, same]) => other.toLowerCase() === name.toLowerCase() && same === value),
    );
  const pairs = [...single, ...multiple, ...cookies.map((cookie) => ['set-cookie', cookie] as const)];
  const hasContentType = pairs.some(([name]) => name.toLowerCase() === 'content-type');
  return { status: statusCode, headers: hasContentType ? pairs : [...pairs, ['content-type', defaultContentType]] };
}
