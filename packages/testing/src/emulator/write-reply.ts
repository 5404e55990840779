import { abortable, hang, pause } from '../waiting/abortable.js';
import type { WireResponse } from './dual-protocol-server.js';
import type { EmulatorReply, Interruption, ReplyPart } from './emulator-reply.js';

/** Where a reply is written to. */
export interface ReplyTarget {
  readonly response: WireResponse;
  /** Ends the TCP connection beneath it. */
  readonly breakConnection: (how: 'close' | 'reset') => void;
  /** Aborts when the client has left. */
  readonly signal: AbortSignal;
  /** To be called just before the emulator ends the answer itself, well or badly. */
  readonly conclude: () => void;
}

/** Plays a reply to its end, in the client's own pace. Rejects with the signal's reason when the client leaves. */
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
  // What was written before goes out first: HTTP/2 hands its frames on a turn later.
  await new Promise(setImmediate);
  conclude();
  breakConnection(interruption);
}
