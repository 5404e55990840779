import type { IncomingMessage } from 'node:http';
import { ProxyError } from '../errors/proxy-error.js';
import { assertFits } from '../http/http-request.js';

/**
 * Reads the body of a request, and stops with `body_too_large` at the first piece that passes `maxBytes`. If the client announces more,
 * nothing is read. The promise stays pending if the client leaves.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const { 'content-length': announced } = request.headers;
  if (announced !== undefined) assertFits(Number(announced), maxBytes);
  if (request.readableDidRead) {
    throw new ProxyError('internal', {
      cause: new Error('The body was read before. Put the listener before everything that parses bodies.'),
    });
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const onPiece = (piece: Buffer) => {
      bytes += piece.length;
      try {
        assertFits(bytes, maxBytes);
        pieces.push(piece);
      } catch (error) {
        request.off('data', onPiece);
        reject(error);
      }
    };
    request.on('data', onPiece).once('end', resolve);
  });
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces, bytes);
}
