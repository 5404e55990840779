import { listenDualProtocol, type WireHandler } from './dual-protocol-server.js';
import { exceptionReply } from './emulated-exception.js';
import type { EmulatorReply } from './emulator-reply.js';
import type { EmulatorRequest } from './emulator-request.js';
import { describeRequest } from './emulator-request.js';
import { faultReply } from './faults/fault-reply.js';
import { followResponse } from './follow-response.js';
import { refuseWithoutGuardrail } from './guardrails/guardrail-call.js';
import { modelReply } from './model-reply.js';
import { PromptCache } from './prompt-cache.js';
import { readBody } from './read-body.js';
import { writeReply } from './write-reply.js';

/** Replies to a request. If it returns undefined, the emulated model answers. */
export type Responder = (request: EmulatorRequest) => EmulatorReply | undefined | Promise<EmulatorReply | undefined>;

export interface BedrockEmulatorOptions {
  /** A free port by default. */
  readonly port?: number;
  /** Milliseconds that the emulated model takes for each word: 35 by default. Most tests use 0. */
  readonly paceMs?: number;
  /** The reply until the first call of `respondWith`. */
  readonly respond?: EmulatorReply | Responder;
  /**
   * The guardrail that the role of the caller demands, as `<id or ARN>:<version>`. A call without it is refused, as by IAM's condition
   * `bedrock:GuardrailIdentifier`. None by default.
   */
  readonly requiredGuardrail?: string;
  /** The number of latest requests that `requests` keeps: 1,000 by default. */
  readonly remember?: number;
}

/** A Bedrock runtime on 127.0.0.1: its five operations on a model, over HTTP/1.1 and HTTP/2 without TLS. */
export interface BedrockEmulator {
  readonly url: string;
  readonly port: number;
  /** The requests in order. A request is added after its body was read. */
  readonly requests: readonly EmulatorRequest[];
  /** Sets the reply to all requests from now on. With `undefined`, the emulated model answers again. */
  respondWith(respond: EmulatorReply | Responder | undefined): void;
  /** Closes all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts an emulator. Rejects if the port is in use. */
export async function startBedrockEmulator(options: BedrockEmulatorOptions = {}): Promise<BedrockEmulator> {
  const { paceMs = 35, requiredGuardrail, remember = 1_000 } = options;
  const manners = { paceMs, cache: new PromptCache() };
  const requests: EmulatorRequest[] = [];
  let respond = options.respond;
  let received = 0;

  const reply = async (request: EmulatorRequest): Promise<EmulatorReply> => {
    try {
      const taken = typeof respond === 'function' ? await respond(request) : respond;
      if (taken !== undefined) return taken;
      const refusal = requiredGuardrail === undefined ? undefined : refuseWithoutGuardrail(request, requiredGuardrail);
      return refusal ?? faultReply(request, paceMs) ?? modelReply(request, manners);
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
      // The client has disconnected, or a reply of a test cannot be written. The client must not wait for it.
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
