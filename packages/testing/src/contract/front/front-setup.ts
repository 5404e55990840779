import type { DialectQuestions } from '../dialect/dialect-setup.js';

/** An adapter that listens, with whatever gateway stands before it. */
export interface FrontSubject {
  /** What every path of the suite is put behind, stage and base path included: `http://127.0.0.1:1234/prod`. */
  readonly url: string;
  /** The lines that the adapter has logged so far. */
  log(): readonly string[];
  /** Called once its tests are over. A subject that did not come through them in one piece may throw here. */
  stop(): void | Promise<void>;
}

/** A way to put an adapter behind HTTP. */
export interface FrontSetup {
  /** What the adapter calls itself in the `front` of its log lines. */
  readonly front: string;
  /** How it answers where a stream is asked for: with Server-Sent Events, or with one array of chunks. */
  readonly streamsAs: 'events' | 'array';
  /** Questions of another dialect, to test the adapter with it in place of the native one. `start` must put that dialect behind it. */
  readonly questions?: DialectQuestions;
  /** The header by which the gateway itself names the request, in lower case; absent: nobody but the adapter names it. */
  readonly gatewayRequestId?: string;
  /**
   * Starts an adapter that is configured by these variables, as the deployable bundles are. A media type of
   * `application/octet-stream` has to travel in both directions, as base64 where the gateway knows no bytes.
   */
  start(environment: Readonly<Record<string, string>>): FrontSubject | Promise<FrontSubject>;
}
