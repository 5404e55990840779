import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../dialects/dialect.js';
import { type PieceSink, writePieces } from './http-answer.js';

/** A sink that takes one piece, and says so. It tells whether it needs a drain only if `needsDrain` is given. */
class FullSink extends EventEmitter implements PieceSink {
  readonly written: Piece[] = [];
  readonly writableNeedDrain?: boolean;

  constructor(needsDrain?: boolean) {
    super();
    if (needsDrain !== undefined) this.writableNeedDrain = needsDrain;
  }

  write(piece: Piece): boolean {
    this.written.push(piece);
    return false;
  }
}

async function* pieces(): AsyncGenerator<Piece> {
  yield 'a';
  yield 'b';
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));

function writingTo(out: FullSink) {
  const [answer, client] = [new AbortController(), new AbortController()];
  const written = writePieces({ body: pieces(), signal: answer.signal }, out, client.signal);
  return { written, answer, client };
}

describe('writePieces', () => {
  it.each([
    ['says that it needs a drain', new FullSink(true)],
    ['does not tell, as an HTTP/2 response before Node 24', new FullSink()],
  ])('waits for a full sink that %s', async (_, out) => {
    const { written } = writingTo(out);
    await turn();
    expect(out.written).toEqual(['a']);
    out.emit('drain');
    await turn();
    expect(out.written).toEqual(['a', 'b']);
    out.emit('drain');
    expect(await written).toEqual({ bytesOut: 2, clientLeft: false });
    expect(out.listenerCount('drain')).toBe(0);
  });

  it('does not wait for a sink that takes nothing and will not drain', async () => {
    const out = new FullSink(false);
    expect(await writingTo(out).written).toEqual({ bytesOut: 2, clientLeft: false });
    expect(out.written).toEqual(['a', 'b']);
  });

  it.each(['answer', 'client'] as const)('waits no longer once the signal of the %s aborts', async (name) => {
    const out = new FullSink();
    const { written, [name]: abort } = writingTo(out);
    await turn();
    abort.abort();
    expect(await written).toMatchObject({ clientLeft: name === 'client' });
    expect(out.listenerCount('drain')).toBe(0);
  });
});
