import { describe, expect, it } from 'vitest';
import { callMetaOf, headersOf } from './call-meta.js';

describe('what is known of a call', () => {
  it('is one attempt where the SDK counts none, and nothing more', () => {
    expect(callMetaOf({}, {})).toEqual({ attempts: 1 });
  });

  it('holds the counts of all four headers', () => {
    const headers = {
      'x-amzn-bedrock-input-token-count': '1',
      'x-amzn-bedrock-output-token-count': '0',
      'x-amzn-bedrock-cache-read-input-token-count': '30',
      'x-amzn-bedrock-cache-write-input-token-count': '4',
    };
    expect(callMetaOf({ attempts: 2, requestId: 'r-1' }, headers)).toEqual({
      attempts: 2,
      upstreamRequestId: 'r-1',
      reportedTokens: { inputTokens: 1, outputTokens: 0, cacheReadTokens: 30, cacheWriteTokens: 4 },
    });
  });

  it.each(['', '-1', '1.5', 'many', ' 1'])('passes over a count of %j', (count) => {
    expect(callMetaOf({}, { 'x-amzn-bedrock-input-token-count': count })).toEqual({ attempts: 1 });
  });

  it('is read from whatever stands in the place of a response', () => {
    expect(headersOf(undefined)).toEqual({});
    expect(headersOf(null)).toEqual({});
    expect(headersOf('text')).toEqual({});
    expect(headersOf({})).toEqual({});
  });
});
