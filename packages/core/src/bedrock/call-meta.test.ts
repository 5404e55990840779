import { describe, expect, it } from 'vitest';
import { callMetaOf, headersOf } from './call-meta.js';

describe('what is known of a call', () => {
  it('is one attempt where the SDK counts none, and nothing more', () => {
    expect(callMetaOf({}, {})).toStrictEqual({ attempts: 1 });
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
      headers,
    });
  });

  it.each(['', '-1', '1.5', 'many', ' 1'])('passes over a count of %j', (count) => {
    const headers = { 'x-amzn-bedrock-input-token-count': count };
    expect(callMetaOf({}, headers)).toEqual({ attempts: 1, headers });
  });

  it("has Bedrock's own headers, and no other", () => {
    const own = { 'x-amzn-requestid': 'r-1', 'x-amzn-bedrock-new': '1' };
    const others = {
      'x-amzn-requestid-2': 'x',
      'content-type': 'x',
      'x-amzn-trace-id': 'x',
      'x-amzn-bedrock-gone': undefined,
    };
    expect(callMetaOf({}, { ...own, ...others }).headers).toStrictEqual(own);
  });

  it('is read from whatever stands in the place of a response', () => {
    expect(headersOf(undefined)).toEqual({});
    expect(headersOf(null)).toEqual({});
    expect(headersOf('text')).toEqual({});
    expect(headersOf({})).toEqual({});
  });
});
