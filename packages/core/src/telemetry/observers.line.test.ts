import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestEndLine } from './observers.js';
import type { RequestRecord } from './request-record.js';

const record: RequestRecord = {
  requestId: 'r-1',
  principal: 'team-a',
  sourceIp: '192.0.2.1',
  front: 'function-url',
  dialect: 'native',
  operation: 'invoke-model',
  modelId: 'fast',
  servedModelId: 'acme.model',
  stream: true,
  status: 200,
  code: 'upstream_truncated',
  terminal: 'error',
  durationMs: 12.5,
  firstTextMs: 3.1,
  inputTokens: 1,
  outputTokens: 2,
  cacheReadTokens: 3,
  cacheWriteTokens: 4,
  cacheWrite1hTokens: 3,
  stopReason: 'end_turn',
  attempts: 1,
  bytesOut: 99,
  sessionId: 's-1',
  agentId: 'a-1',
  dropped: 'body=service_tier',
  estimated: true,
};

describe('the request.end line', () => {
  it('says everything that is known', () => {
    expect(requestEndLine(record)).toEqual({ event: 'request.end', ...record });
  });

  it('leaves out what is not known, and keeps what is known to be nobody, nothing or no', () => {
    const { modelId, firstTextMs, ...rest } = record;
    expect(requestEndLine({ ...rest, principal: null, stream: false, inputTokens: 0 })).toEqual({
      event: 'request.end',
      ...{ ...rest, principal: null, stream: false, inputTokens: 0 },
    });
  });

  it('never has a field that is not on its list, whatever a record is given', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (extra) => {
        const allowed = new Set(['event', ...Object.keys(record)]);
        const line = requestEndLine({ ...extra, ...record });
        expect(Object.keys(line).filter((field) => !allowed.has(field))).toEqual([]);
      }),
    );
    expect(requestEndLine({ ...record, upstreamRequestId: 'up-1' })).not.toHaveProperty('upstreamRequestId');
  });
});
