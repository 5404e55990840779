import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeferred } from '../create-deferred.js';
import type { ReportedError } from '../invoke.js';
import { type InvocationInFlight, parseReport, readText } from './create-invocation-in-flight.js';

/** An invocation and the values that the runtime gets with it. */
export interface Dispatch {
  readonly invocation: InvocationInFlight;
  readonly eventJson: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly functionArn: string;
}

/** Lambda's Runtime API for one process, on a free port of 127.0.0.1. */
export interface RuntimeApi {
  /** In the form `host:port`. */
  readonly address: string;
  /** The report of the runtime if it could not load the function. */
  readonly initError: ReportedError | undefined;
  /** Resolves when the runtime is initialised and waits for an event. */
  whenIdle(): Promise<void>;
  /** Sends an event to the runtime, which must be idle. */
  dispatch(dispatch: Dispatch): void;
  /** The process has ended. All waiting calls reject with `error`. */
  fail(error: unknown): void;
  close(): Promise<void>;
}

const routes = /^\/2018-06-01\/runtime\/(?:(init)\/error|invocation\/(?:(next)|([^/]+)\/(response|error)))$/;

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let waitingRuntime: ServerResponse | undefined;
  let current: InvocationInFlight | undefined;
  let initError: ReportedError | undefined;
  let idle = createDeferred<void>();

  function checkIdle(): void {
    if (waitingRuntime !== undefined && current === undefined) idle.resolve();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, init, next, id, outcome] = routes.exec(request.url ?? '') ?? [];
    if (path === undefined) {
      response.writeHead(404).end();
    } else if (next !== undefined) {
      waitingRuntime = response;
      checkIdle();
    } else if (init !== undefined) {
      initError = parseReport(await readText(request));
      response.writeHead(202).end();
    } else if (current === undefined || id === undefined || decodeURIComponent(id) !== current.requestId) {
      response.writeHead(400).end();
    } else {
      await (outcome === 'error' ? current.receiveError(request) : current.receive(request));
      current = undefined;
      response.writeHead(202).end();
      checkIdle();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      current?.fail(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get initError() {
      return initError;
    },
    whenIdle: () => idle.promise,
    dispatch({ invocation, eventJson, deadline, functionArn }) {
      const response = waitingRuntime;
      if (response === undefined) throw new Error('The runtime is not idle.');
      waitingRuntime = undefined;
      current = invocation;
      idle = createDeferred<void>();
      response.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': invocation.requestId,
        'lambda-runtime-deadline-ms': String(deadline),
        'lambda-runtime-invoked-function-arn': functionArn,
      });
      response.end(eventJson);
    },
    fail(error) {
      current?.fail(error);
      waitingRuntime = undefined;
      // If the idle promise has already resolved, later calls of whenIdle need a rejected one.
      idle.reject(error);
      idle = createDeferred<void>();
      idle.reject(error);
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
