/** What a client asked for: the model, whether to stream, and the model's own payload as it was sent. */
export interface ModelRequest {
  readonly modelId: string;
  readonly stream: boolean;
  readonly payload: Uint8Array;
}
