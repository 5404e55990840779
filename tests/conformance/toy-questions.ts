import type { DialectQuestions } from '@bedrock-proxy/testing/contract';
import { toyCode } from './toy-dialect.ts';
import { readToyAnswer } from './toy-records.ts';

const asked = { model: 'swift', prompts: ['Hi'] };

/** A request for an answer of the toy dialect. */
export const say = (members: object) => ({ path: '/toy/say', body: JSON.stringify(members) });

/** Asks in the toy dialect, and reads as its clients do. */
export const toyQuestions: DialectQuestions = {
  whole: { request: say(asked), read: readToyAnswer },
  stream: { request: say({ ...asked, stream: true }), read: readToyAnswer },
  errorCode: toyCode,
};
