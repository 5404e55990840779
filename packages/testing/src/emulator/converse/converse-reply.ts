import type { AnswerBlock } from '../../answers/block-answer-format.js';
import { converseAnswer } from '../../answers/converse-answer.js';
import type { JsonDocument } from '../../answers/json-bytes.js';
import { EmulatedException, invalid } from '../emulated-exception.js';
import type { HttpReply } from '../emulator-reply.js';
import { encodeConverseFrame } from '../encode-event-stream-frame.js';
import { checkThroughput, modelNameOf } from '../families/family-of.js';
import { hasTrait } from '../families/model-traits.js';
import { defaultModelName } from '../families/played-models.js';
import { converseGuardrail } from '../guardrails/guardrail-call.js';
import { judgeAnswer } from '../guardrails/judge-answer.js';
import { type Payload, parsePayload, stringsIn } from '../payload.js';
import { playStream, playWhole } from '../play-answer.js';
import type { ModelCall } from '../read-target.js';
import { writeAnswer } from '../write-answer.js';
import { readConverse } from './read-converse.js';

/** Plays Converse and ConverseStream, which have one format for all models. Throws an `EmulatedException`. */
export function converseReply({ modelId, operation, body, paceMs, cache }: ModelCall): HttpReply {
  checkThroughput(modelId);
  const payload = parsePayload(body);
  // UNCONFIRMED: Bedrock's exception for a body that is not a JSON object. This is the exception of AWS services in general.
  if (payload === undefined)
    throw new EmulatedException('SerializationException', 'The request body is no JSON object.');
  const modelName = modelNameOf(modelId);
  const isStreamed = operation === 'converse-stream';
  const prompt = readConverse(payload, modelName);
  if (isStreamed && payload.toolConfig !== undefined && hasTrait(modelName, 'streamsNoTools')) {
    throw invalid("This model doesn't support tool use in streaming mode.");
  }
  const written = writeAnswer(prompt, cache.use(modelId, prompt.cachedPrefixes ?? []));
  const guardrail = converseGuardrail(payload);
  const judged = guardrail && judgeAnswer(prompt.text, written, guardrail, isStreamed);
  const isIntervened = judged?.action === 'INTERVENED';
  const answer = judged ? { ...judged, summary: { ...judged.summary, ...(isIntervened && intervened) } } : written;
  const format = converseAnswer({
    responseFieldPaths: stringsIn(payload.additionalModelResponseFieldPaths),
    echoed: echoOf(payload, { ...judged?.trace, ...routerTraceOf(modelId) }),
  });
  if (!isStreamed) return playWhole(format, answer, paceMs);
  const blocks = streamedBlocks(answer.blocks, modelName);
  return playStream(format.stream, { ...answer, blocks }, paceMs, encodeConverseEvent);
}

const intervened = { stopReason: 'filter' } as const;

/** The frame of an event from `converseAnswer`. */
export function encodeConverseEvent(event: JsonDocument): Uint8Array {
  const [[type, payload] = ['unknown', {}]] = Object.entries(event);
  return encodeConverseFrame(type, payload);
}

/** Some models stream in more blocks than their whole answers have. */
function streamedBlocks(blocks: readonly AnswerBlock[], modelName: string): readonly AnswerBlock[] {
  const opening: readonly AnswerBlock[] = hasTrait(modelName, 'beginsEmpty') ? [{ type: 'text', pieces: [''] }] : [];
  if (!hasTrait(modelName, 'streamsTinyBlocks')) return [...opening, ...blocks];
  return blocks.flatMap((block): readonly AnswerBlock[] =>
    block.type === 'text' ? block.pieces.map((piece) => ({ ...block, pieces: [piece] })) : [block],
  );
}

function echoOf({ performanceConfig, serviceTier }: Payload, trace: object): object {
  return {
    ...(Object.keys(trace).length > 0 && { trace }),
    ...(performanceConfig !== undefined && { performanceConfig }),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}

/** A prompt router names the model that answered. */
function routerTraceOf(modelId: string): object {
  const [arn, start] = /^(arn:[^/]*:)(?:default-)?prompt-router\//.exec(modelId) ?? [];
  if (arn === undefined) return {};
  return { promptRouter: { invokedModelId: `${start}inference-profile/us.${defaultModelName}` } };
}
