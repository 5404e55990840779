import {
  encodeChunkFrame,
  encodeExceptionFrame,
  exceptionReply,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { expect, it } from 'vitest';
import { eventOf, type FrontName, startFront } from './fault-fronts.ts';
import { playedAnswer } from './played-answer.ts';
import { readOutcome } from './read-outcome.ts';

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
const said =
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
  'behind %s nothing of what Bedrock says of itself is read, and the log has all but the credentials',
  async (front) => {
    const bedrock = await startBedrockEmulator();
    await using sandbox = await startFront(front, bedrock.url);
    const ask = async (stream = true) =>
      readOutcome(await sandbox.invoke(eventOf(front, 'anthropic.claude-v2:1', stream)));
    const begun = playedAnswer.frames.slice(0, playedAnswer.framesBefore.middle);
    const inBand = encodeChunkFrame({ type: 'error', error: { type: 'invalid_request_error', message: said } });
    const outcomes = [];
    for (const name of exceptions) {
      const exception = encodeExceptionFrame(`${name}Exception`, said, { originalMessage: said });
      for (const body of [[exception], [...begun, exception], [...begun, inBand]]) {
        bedrock.respondWith(streamReply(body));
        outcomes.push(await ask());
      }
    }
    for (const name of refusals) {
      bedrock.respondWith(exceptionReply(name, said));
      outcomes.push(await ask(), await ask(false));
    }
    for (const { body, headers } of outcomes) {
      for (const canary of canaries) expect(body + JSON.stringify(headers)).not.toContain(canary);
    }
    // What helps to mend a request is read, and who is to look where.
    expect(outcomes[0]?.body).toContain('max_tokens: 99999 > 8192 for anthropic.claude-v2:1. User: [arn]');
    expect(outcomes.find(({ terminals }) => terminals[0] === 'upstream_denied')?.body).toContain('in the log');
    for (const canary of forTheLog) expect(sandbox.log.text).toContain(canary);
    await bedrock.close();
  },
);
