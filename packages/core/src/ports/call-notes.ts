/** What the log says of a request beside the facts that every dialect has. Never a prompt, an answer or a credential. */
export interface CallNotes {
  /** The session of an agent, as its client names it. */
  readonly sessionId?: string;
  /** The agent within the session, as its client names it. */
  readonly agentId?: string;
  /** The parts of the request that were not sent to the model, such as `body=service_tier`. */
  readonly dropped?: string;
  /** Whether the answer is an estimate of the proxy's own. */
  readonly estimated?: true;
}
