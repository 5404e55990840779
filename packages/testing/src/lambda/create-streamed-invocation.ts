import { createDeferred } from './create-deferred.js';
import type { ResponsePiece, ResponseTrailers, StreamedInvocation } from './invoke.js';
import { integrationContentType, readPrelude } from './read-prelude.js';

interface StreamedAnswer {
  readonly requestId: string;
  readonly contentType: string;
  readonly pieces: AsyncIterableIterator<ResponsePiece, undefined>;
  /** Called after the last piece. */
  readonly readTrailers: () => ResponseTrailers;
}

/** Resolves when the head of a streamed answer is known. Rejects if the answer fails before that. */
export async function createStreamedInvocation(answer: StreamedAnswer): Promise<StreamedInvocation> {
  const { requestId, contentType, pieces } = answer;
  const { rest, ...head } = contentType === integrationContentType ? await readPrelude(pieces) : {};
  const trailers = createDeferred<ResponseTrailers>();

  async function* readBody(): AsyncGenerator<ResponsePiece, void> {
    try {
      if (rest !== undefined) yield rest;
      for (;;) {
        const next = await pieces.next();
        if (next.done === true) break;
        yield next.value;
      }
      trailers.resolve(answer.readTrailers());
    } catch (error) {
      trailers.reject(error);
      throw error;
    } finally {
      trailers.reject(new Error('The body was not read to its end.'));
      await pieces.return?.();
    }
  }

  return { mode: 'streamed', requestId, contentType, ...head, body: readBody(), trailers: trailers.promise };
}
