import { listenDualProtocol, type WireHandler } from './dual-protocol-server.js';
import { exceptionReply } from './emulated-exception.js';
import type { EmulatorReply } from './emulator-reply.js';
import type { EmulatorRequest } from './emulator-request.js';
import { describeRequest } from './emulator-request.js';
import { faultReply } from './faults/fault-reply.js';
import { followResponse } from './follow-response.js';
import { modelReply } from './model-reply.js';
import { PromptCache } from './prompt-cache.js';
import { readBody } from './read-body.js';
import { writeReply } from './write-reply.js';

/** Takes over a request. Where it returns nothing, the emulated model answers. */
export type Responder = (request: EmulatorRequest) => EmulatorReply | undefined | Promise<EmulatorReply | undefined>;

export interface BedrockEmulatorOptions {
  /** By default a free port. */
  readonly port?: number;
  /** Milliseconds that the emulated model takes for each word: 35 by default, 0 in most tests. */
  readonly paceMs?: number;
  /** What `respondWith` would be given. */
  readonly respond?: EmulatorReply | Responder;
  /** How many requests are remembered, the latest ones: 1,000 by default. */
  readonly remember?: number;
}

/** A Bedrock runtime on 127.0.0.1: its five operations on a model, over HTTP/1.1 and HTTP/2 without TLS. */
export interface BedrockEmulator {
  readonly url: string;
  readonly port: number;
  /** What came, in order, each entered once its body was read. */
  readonly requests: readonly EmulatorRequest[];
  /** Answers every request from now on in this way; `undefined` lets the emulated model answer again. */
  respondWith(respond: EmulatorReply | Responder | undefined): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts an emulator. Rejects where the port is taken. */
export async function startBedrockEmulator(options: BedrockEmulatorOptions = {}): Promise<BedrockEmulator> {
  const { paceMs = 35, remember = 1_000 } = options;
  const manners = { paceMs, cache: new PromptCache() };
  const requests: EmulatorRequest[] = [];
  let respond = options.respond;
  let received = 0;

  const reply = async (request: EmulatorRequest): Promise<EmulatorReply> => {
    try {
      const taken = typeof respond === 'function' ? await respond(request) : respond;
      return taken ?? faultReply(request, paceMs) ?? modelReply(request, manners);
    } catch (error) {
      return exceptionReply('InternalServerException', `The emulator failed: ${error}`);
    }
  };

  const handle: WireHandler = async (incoming, response, connection) => {
    const fate = followResponse(response);
    const body = await readBody(incoming);
    if (body === undefined) return;
    const request = describeRequest(incoming, body, fate, received);
    received += 1;
    requests.push(request);
    if (requests.length > remember) requests.shift();
    const breakConnection = (how: 'close' | 'reset') => {
      if (how === 'reset') connection?.resetAndDestroy();
      else connection?.destroy();
    };
    try {
      await writeReply(await reply(request), { ...fate, response, breakConnection });
    } catch {
      // The client has left, or a reply of the test's own cannot be written; then a client must not wait for it.
      if (!fate.signal.aborted) breakConnection('close');
    }
  };

  const server = await listenDualProtocol(options.port ?? 0, handle);
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    requests,
    respondWith(next) {
      respond = next;
    },
    close: () => server.close(),
  };
}
