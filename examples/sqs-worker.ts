/**
 * A Lambda function behind an SQS queue. A model summarises each message. The function imports only core: no HTTP, no proxy.
 * The event source mapping needs `FunctionResponseTypes: [ReportBatchItemFailures]`. The queue needs a dead-letter queue.
 */
import { isProxyError, type ModelInvoker, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** The result for one message. */
export interface Summary {
  readonly messageId: string;
  readonly text?: string;
  readonly outputTokens?: number;
  /** The error code, if the message failed permanently. */
  readonly code?: string;
}

/** Summarises every message of a batch. Messages that failed with a retryable error go back to the queue. */
export function createSqsWorker(invoker: ModelInvoker, modelId: string, save: (summary: Summary) => Promise<void>) {
  async function summarise({ messageId, body }: SQSRecord): Promise<Summary> {
    const payload = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 300,
      messages: [{ role: 'user', content: `Summarise in two sentences:\n\n${body}` }],
    };
    // An incomplete response throws, so a partial summary is never saved.
    const { text, usage } = await streamModel(invoker, { modelId, payload }, { deadlineMs: 60_000 }).collect();
    return { messageId, text, ...(usage.outputTokens !== undefined && { outputTokens: usage.outputTokens }) };
  }

  async function work(record: SQSRecord): Promise<SQSBatchItemFailure[]> {
    const { messageId } = record;
    try {
      await save(await summarise(record));
      return [];
    } catch (error) {
      if (!isProxyError(error) || error.retryable) return [{ itemIdentifier: messageId }];
      await save({ messageId, code: error.code });
      return [];
    }
  }

  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => ({
    batchItemFailures: (await Promise.all(Records.map(work))).flat(),
  });
}

export const handler = createSqsWorker(
  createBedrockInvoker(),
  process.env.MODEL_ID ?? 'global.anthropic.claude-haiku-5-5',
  async (summary) => console.log(JSON.stringify(summary)),
);
