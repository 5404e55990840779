import {
  answerReply,
  type EmulatorRequest,
  type HttpReply,
  type ReplyPart,
  streamReply,
} from '../../emulator/index.js';
import { type PlayedAnswer, playedAnswer } from '../dialect/played-answer.js';

/** The parts of a streamed answer, made from its batches. */
export type StreamParts = (answer: PlayedAnswer) => Iterable<ReplyPart> | AsyncIterable<ReplyPart>;

/** The frames of batches, each in a write of its own. */
export function framesOf(batches: PlayedAnswer['text']): readonly ReplyPart[] {
  return batches.flatMap(({ frames }) => (frames ? [frames] : []));
}

const allParts: StreamParts = ({ opening, text, closing }) => framesOf([...opening, ...text, ...closing]);

/** A model that says `texts` in the shape of the operation that is called; `parts` are those of a stream. */
export function speaking(
  texts: readonly string[],
  parts: StreamParts = allParts,
): (request: EmulatorRequest) => HttpReply {
  return ({ target }) => {
    const { operation = 'invoke' } = target ?? {};
    const played = playedAnswer(operation.startsWith('converse') ? 'converse' : 'invoke-model', texts);
    return operation.endsWith('stream') ? streamReply(parts(played)) : answerReply(played.whole);
  };
}
