import { describe, expect, it } from 'vitest';
import type { AnswerSummary } from '../../answers/answer-format.js';
import { familyOf } from './family-of.js';

const summary: AnswerSummary = { id: 'id', stopReason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } };
const timing = { invocationLatency: 1, firstByteLatency: 1 };
const messages = [{ role: 'user', content: 'Hi' }];

/** The members of a model's answer. They identify its family. */
function membersOf(modelId: string, payload: object): string[] {
  const family = familyOf(modelId, { ...payload });
  return Object.keys(family.answer.whole([{ type: 'text', pieces: ['Hi'] }], summary, timing));
}

describe('a model answers in the format of its family', () => {
  it.each([
    ['anthropic.claude-opus-5', { messages }, 'content'],
    ['anthropic.claude-v2', { prompt: 'Hi' }, 'completion'],
    ['us.amazon.nova-lite-v1:0', { messages }, 'output'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', {}, 'embeddings'],
    ['amazon.nova-canvas-v1:0', {}, 'images'],
    ['amazon.titan-text-lite-v1', { inputText: 'Hi' }, 'results'],
    ['amazon.titan-embed-text-v2:0', { inputText: 'Hi' }, 'embedding'],
    ['us-gov.meta.llama3-70b-instruct-v1:0', { prompt: 'Hi' }, 'generation'],
    ['mistral.mistral-7b-instruct-v0:2', { prompt: 'Hi' }, 'outputs'],
    ['mistral.mistral-large-2407-v1:0', { messages }, 'choices'],
    ['mistral.ministral-3-8b-instruct', { messages }, 'choices'],
    ['cohere.command-text-v14', { prompt: 'Hi' }, 'generations'],
    ['cohere.command-r-v1:0', { message: 'Hi' }, 'generation_id'],
    ['cohere.embed-v4:0', { texts: ['Hi'] }, 'embeddings'],
    ['cohere.rerank-v3-5:0', { documents: ['Hi'] }, 'results'],
    ['ai21.j2-mid-v1', { prompt: 'Hi' }, 'completions'],
    ['ai21.jamba-1-5-mini-v1:0', { messages }, 'choices'],
    ['us.deepseek.r1-v1:0', { prompt: 'Hi' }, 'choices'],
    ['zai.glm-4.7', { messages }, 'choices'],
    ['us.twelvelabs.pegasus-1-2-v1:0', { inputPrompt: 'Hi' }, 'message'],
    [
      'arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdefghijkl',
      { prompt: 'Hi', max_gen_len: 5 },
      'generation',
    ],
    ['arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdefghijkl', { messages }, 'choices'],
    ['arn:aws:sagemaker:us-east-1:111122223333:endpoint/name', { prompt: 'Hi' }, 'choices'],
    ['arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefghijkl', { messages }, 'content'],
  ])('%s', (modelId, payload, member) => {
    expect(membersOf(modelId, payload)).toContain(member);
  });
});

describe('a prompt', () => {
  const llama = familyOf('meta.llama3-8b-instruct-v1:0', {});

  it('has a token count and the limit of the request', () => {
    expect(llama.readPrompt({ prompt: 'eight ch', max_gen_len: 7 })).toEqual({
      text: 'eight ch',
      inputTokens: 2,
      maxTokens: 7,
    });
  });

  it('is the last of several messages, with any form of content', () => {
    const nova = familyOf('amazon.nova-lite-v1:0', {});
    const said = [{ content: 'first' }, { content: [{ text: 'second' }, { image: {} }] }];
    expect(nova.readPrompt({ messages: said }).text).toBe('second\n');
  });

  it.each([
    [
      'a limit that is not a whole number',
      { prompt: 'Hi', max_gen_len: 1.5 },
      'max_gen_len: expected a positive integer',
    ],
    ['a limit of zero', { prompt: 'Hi', max_gen_len: 0 }, 'max_gen_len: expected a positive integer'],
    ['no prompt', { max_gen_len: 5 }, 'required key [prompt] not found'],
    ['a member that only the proxy reads', { prompt: 'Hi', stream: true }, 'extraneous key [stream]'],
  ])('is refused for %s', (_, payload, message) => {
    expect(() => llama.readPrompt(payload)).toThrow(message);
  });

  it('of Command is streamed in pieces only if its payload asks for a stream', () => {
    const command = familyOf('cohere.command-light-text-v14', {});
    expect(command.readPrompt({ prompt: 'Hi' }).isOneChunk).toBe(true);
    expect(command.readPrompt({ prompt: 'Hi', stream: true }).isOneChunk).toBe(false);
  });

  it('of a model without text answers has a limit of zero tokens', () => {
    expect(familyOf('amazon.titan-embed-text-v1', {}).readPrompt({ inputText: 'Hi' }).maxTokens).toBe(0);
  });
});
