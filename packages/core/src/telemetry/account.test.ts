import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { ReaderGone } from '../stream/call-watch.js';
import { finalRecord, noteBatch, noteFailure, openAccount } from './account.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const opened = () => openAccount({ requestId: 'r-1', front: 'test' });
const textDelta = { type: 'text-delta', text: 'a' } as const;

describe('the account of a request', () => {
  it('says of a request of which nothing is known that nothing came of it', () => {
    expect(finalRecord(opened())).toEqual({
      ...{ requestId: 'r-1', front: 'test', sourceIp: null, principal: null },
      ...{ status: 0, terminal: 'none', durationMs: 0, attempts: 0, bytesOut: 0 },
    });
  });

  it('keeps the address that the front saw', () => {
    expect(openAccount({ requestId: 'r', front: 'test', sourceIp: '192.0.2.1' }).record.sourceIp).toBe('192.0.2.1');
  });

  it('measures tenths of milliseconds', () => {
    const account = opened();
    vi.advanceTimersByTime(1_234);
    expect(finalRecord(account).durationMs).toBe(1_234);
    vi.spyOn(performance, 'now').mockReturnValue(account.startedAt + 0.26);
    expect(finalRecord(account).durationMs).toBe(0.3);
    vi.restoreAllMocks();
  });

  it('notes the first text alone, and no other event', () => {
    const account = opened();
    vi.advanceTimersByTime(10);
    noteBatch(account, { chunks: [], events: [{ type: 'reasoning-delta', text: 'hm' }] });
    expect(account.record.firstTextMs).toBeUndefined();
    vi.advanceTimersByTime(10);
    noteBatch(account, { chunks: [], events: [{ type: 'raw', value: {} }, textDelta] });
    vi.advanceTimersByTime(10);
    noteBatch(account, { chunks: [], events: [textDelta] });
    expect(account.record.firstTextMs).toBe(20);
  });

  it('takes of the counts those that it knows, whatever else an invoker reports', () => {
    const account = opened();
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
    account.call = { meta: { attempts: 1 }, usage: Object.assign({ prompt: 'secret' }, usage) };
    expect(finalRecord(account)).toMatchObject(usage);
    expect(finalRecord(account)).not.toHaveProperty('prompt');
  });

  it('takes what the call reports of itself as it is at the end', () => {
    const account = opened();
    const usage: { outputTokens?: number } = {};
    account.call = { meta: { attempts: 3, upstreamRequestId: 'up-1' }, usage, nativeStopReason: 'end_turn' };
    usage.outputTokens = 7;
    expect(finalRecord(account)).toMatchObject({
      ...{ attempts: 3, upstreamRequestId: 'up-1', outputTokens: 7, stopReason: 'end_turn' },
    });
  });
});

describe('a failure', () => {
  it('is told to the client, and kept for the log', () => {
    const account = opened();
    const error = new ProxyError('throttled');
    expect(noteFailure(account, error)).toBe(error);
    expect(account).toMatchObject({ failure: error, record: { code: 'throttled' } });
  });

  it('of an unknown kind is internal, with its cause', () => {
    const account = opened();
    const cause = new Error('bug');
    expect(noteFailure(account, cause)).toMatchObject({ code: 'internal', cause });
  });

  it.each(['client_closed', 'client_stalled'] as const)('is told to nobody where the reader is gone: %s', (code) => {
    const account = opened();
    expect(noteFailure(account, new ReaderGone(code))).toBeUndefined();
    expect(account.record.code).toBe(code);
    expect(account.failure).toBeUndefined();
  });
});
