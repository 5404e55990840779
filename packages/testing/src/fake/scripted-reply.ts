import type { AnswerSummary } from '../answers/answer-format.js';
import { claudeAnswer } from '../answers/claude-answer.js';
import { jsonBytes } from '../answers/json-bytes.js';
import { pause } from '../waiting/abortable.js';
import { type PlayedStep, playSilence, playSteps } from './play-steps.js';
import type { WrittenReply } from './reply-script.js';
import type { AnsweredCall, ScriptedCall } from './scripted-call.js';

const contentType = 'application/json';
const timing = { invocationLatency: 100, firstByteLatency: 10 };

/** A call that is answered as written, in the words of Claude's messages API. */
export function scriptedReply(reply: WrittenReply): ScriptedCall {
  const summary: AnswerSummary = { id: 'fake', stopReason: reply.stopReason, usage: reply.usage };
  return {
    async invoke(call) {
      if (reply.bare)
        throw new Error('This call was scripted as chunks, which only stream() can give: script a replyBody().');
      await accept(reply, call);
      let text = '';
      for (const step of reply.steps) {
        if (step.type === 'text') text += step.text;
        else if (step.type !== 'chunks') await playSilence(step, call);
      }
      call.end();
      return { body: jsonBytes(claudeAnswer.whole(text, summary)), contentType, meta: call.meta };
    },

    async stream(call) {
      await accept(reply, call);
      return { contentType, meta: call.meta, batches: playSteps(toChunks(reply, summary), call) };
    },
  };
}

async function accept(reply: WrittenReply, call: AnsweredCall): Promise<void> {
  if (reply.acceptedAfterMs > 0) await pause(reply.acceptedAfterMs, call.signal);
}

/** The reply's steps with its text as Claude's chunks, and with what Claude sends before and after it. */
function toChunks(reply: WrittenReply, summary: AnswerSummary): PlayedStep[] {
  const opening = chunkStep(claudeAnswer.opening(summary));
  const closing = chunkStep(claudeAnswer.closing(summary, timing));
  const played: PlayedStep[] = [];
  for (const step of reply.steps) {
    if (step.type !== 'text') {
      played.push(step);
      continue;
    }
    if (!played.includes(opening)) played.push(opening);
    if (step.text !== '') played.push(chunkStep([claudeAnswer.delta(step.text)]));
  }
  if (reply.bare) return played;
  return played.includes(opening) ? [...played, closing] : [...played, opening, closing];
}

function chunkStep(documents: readonly object[]): PlayedStep {
  return { type: 'chunks', batch: documents.map(jsonBytes) };
}
