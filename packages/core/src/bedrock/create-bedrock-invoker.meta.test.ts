import { describe, expect, it } from 'vitest';
import { callMetaOf } from './create-bedrock-invoker.js';
import { headersOf } from './upstream-error.js';

describe('callMetaOf', () => {
  it('returns one attempt and nothing else by default', () => {
    expect(callMetaOf({}, {})).toStrictEqual({ attempts: 1 });
  });

  it('reads the token counts of all four headers', () => {
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

  it.each(['', '-1', '1.5', 'many', ' 1'])('ignores a count of %j', (count) => {
    const headers = { 'x-amzn-bedrock-input-token-count': count };
    expect(callMetaOf({}, headers)).toEqual({ attempts: 1, headers });
  });

  it('keeps only the headers of Bedrock', () => {
    const own = { 'x-amzn-requestid': 'r-1', 'x-amzn-bedrock-new': '1' };
    const others = {
      'x-amzn-requestid-2': 'x',
      'content-type': 'x',
      'x-amzn-trace-id': 'x',
      'x-amzn-bedrock-gone': undefined,
    };
    expect(callMetaOf({}, { ...own, ...others }).headers).toStrictEqual(own);
  });

  it('headersOf returns no headers for a value that is not a response', () => {
    expect(headersOf(undefined)).toEqual({});
    expect(headersOf(null)).toEqual({});
    expect(headersOf('text')).toEqual({});
    expect(headersOf({})).toEqual({});
  });
});
