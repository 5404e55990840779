import {
  encodeChunkFrame,
  encodeExceptionFrame,
  exceptionReply,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { expect, it } from 'vitest';
import { playedAnswer } from './played-answer.ts';
import { readOutcome } from './read-outcome.ts';
import { eventOf, type FrontName, startFront } from './start-front.ts';

const canaries = [
  'canary-role',
  '999988887777',
  'ASIACANARYCANARY0000',
  'canary.internal',
  '10.99.88.77',
  'canarySession',
  '/var/task/canary',
];
const forTheLog = canaries.filter((canary) => !canary.startsWith('ASIA'));
const message =
  'max_tokens: 99999 > 8192 for anthropic.claude-v2:1. User: arn:aws:sts::999988887777:assumed-role/canary-role/canarySession ' +
  'via ASIACANARYCANARY0000 from 10.99.88.77 on canary.internal\n    at run (/var/task/canary.mjs:1:2)';
const exceptions = [
  'validation',
  'throttling',
  'internalServer',
  'modelStreamError',
  'modelTimeout',
  'serviceUnavailable',
  'odd',
];
const refusals = [
  'ValidationException',
  'AccessDeniedException',
  'ResourceNotFoundException',
  'ServiceQuotaExceededException',
  'ModelErrorException',
] as const;

it.each<FrontName>(['function-url', 'rest'])(
  'the %s front hides internal details of Bedrock from the client, and logs all of them but the credentials',
  async (front) => {
    const bedrock = await startBedrockEmulator();
    await using sandbox = await startFront(front, bedrock.url);
    const ask = async (stream = true) =>
      readOutcome(await sandbox.invoke(eventOf(front, 'anthropic.claude-v2:1', stream)));
    const begun = playedAnswer.frames.slice(0, playedAnswer.framesBefore.middle);
    const inBand = encodeChunkFrame({ type: 'error', error: { type: 'invalid_request_error', message } });
    const outcomes = [];
    for (const name of exceptions) {
      const exception = encodeExceptionFrame(`${name}Exception`, message, { originalMessage: message });
      for (const body of [[exception], [...begun, exception], [...begun, inBand]]) {
        bedrock.respondWith(streamReply(body));
        outcomes.push(await ask());
      }
    }
    for (const name of refusals) {
      bedrock.respondWith(exceptionReply(name, message));
      outcomes.push(await ask(), await ask(false));
    }
    for (const { body, headers } of outcomes) {
      for (const canary of canaries) expect(body + JSON.stringify(headers)).not.toContain(canary);
    }
    // The client can read how to fix a request, and that the reason of a denial is in the log.
    expect(outcomes[0]?.body).toContain('max_tokens: 99999 > 8192 for anthropic.claude-v2:1. User: [arn]');
    expect(outcomes.find(({ terminals }) => terminals[0] === 'upstream_denied')?.body).toContain('in the log');
    for (const canary of forTheLog) expect(sandbox.log.text).toContain(canary);
    await bedrock.close();
  },
);
