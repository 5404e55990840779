import { abortable, hang, pause } from '../waiting/abortable.js';
import type { WireResponse } from './dual-protocol-server.js';
import type { EmulatorReply, Interruption, ReplyPart } from './emulator-reply.js';

/** The response that a reply is written to. */
export interface ReplyTarget {
  readonly response: WireResponse;
  /** Ends the TCP connection of the response. */
  readonly breakConnection: (how: 'close' | 'reset') => void;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Must be called before the emulator itself ends the answer, also before an interruption. */
  readonly conclude: () => void;
}

/** Plays a reply to its end, with backpressure. Rejects with the signal's reason when the client disconnects. */
export async function writeReply(reply: EmulatorReply, target: ReplyTarget): Promise<void> {
  if (typeof reply === 'string') return interrupt(reply, target);
  const { response, signal, conclude } = target;
  if (reply.headDelayMs) await pause(reply.headDelayMs, signal);
  response.writeHead(reply.status ?? 200, reply.headers ?? {});
  response.flushHeaders?.();
  for await (const part of reply.body ?? []) {
    signal.throwIfAborted();
    if (typeof part === 'string') return interrupt(part, target);
    await play(part, target);
  }
  conclude();
  response.end();
}

async function play(part: Exclude<ReplyPart, Interruption>, { response, signal }: ReplyTarget): Promise<void> {
  if ('pauseMs' in part) return pause(part.pauseMs, signal);
  if (part.length === 0) return;
  await abortable<void>(signal, (resolve, reject) => {
    response.write(part, (error) => (error ? reject(error) : resolve()));
    return undefined;
  });
}

async function interrupt(
  interruption: Interruption,
  { breakConnection, conclude, signal }: ReplyTarget,
): Promise<void> {
  if (interruption === 'stall') return hang(signal);
  // Earlier writes must be sent first. HTTP/2 passes its frames on in a later turn of the event loop.
  await new Promise(setImmediate);
  conclude();
  breakConnection(interruption);
}
