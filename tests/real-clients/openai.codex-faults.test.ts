import { encodeConverseFrame, encodeExceptionFrame, streamReply } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Codex, codexConfig, startCodex } from './codex.ts';
import { converseFaults } from './converse-faults.ts';
import { type OpenAiSetup, startOpenAiSetup } from './openai-setup.ts';

/** Faults after which another try cannot help. Codex asks again after every other one: for a status of 500 or more it cannot be told. */
const isFinal = /^(?:validation-exception|http-400|http-404|quota-exceeded)$/;

const callEvents = (file: string): readonly (readonly [type: string, payload: object])[] => [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'call-1', name: 'exec_command' } } }],
  [
    'contentBlockDelta',
    { contentBlockIndex: 0, delta: { toolUse: { input: JSON.stringify({ cmd: `echo 1 > ${file}` }) } } },
  ],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['messageStop', { stopReason: 'tool_use' }],
  ['metadata', { usage: { inputTokens: 5, outputTokens: 9, totalTokens: 14 }, metrics: { latencyMs: 1 } }],
];
/** An answer with a command that writes a file. */
const framesFor = (file: string) => callEvents(file).map(([type, payload]) => encodeConverseFrame(type, payload));
const brokenFrames = framesFor('broken.txt');
const exception = encodeExceptionFrame('throttlingException', 'Too many requests.');
const cuts = [
  ['behind the whole input', brokenFrames.slice(0, 3)],
  ['before its end marker', brokenFrames.slice(0, 4)],
  ['with an exception behind its end marker', [...brokenFrames.slice(0, 5), exception]],
] as const;

let setup: OpenAiSetup;
beforeAll(async () => {
  setup = await startOpenAiSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

describe.each(['streaming', 'buffered'] as const)('at a %s endpoint', (front) => {
  let codex: Codex;
  beforeAll(async () => {
    codex = await startCodex(codexConfig(setup[front], { request: 0, stream: 1 }));
  });
  afterAll(() => codex[Symbol.dispose]());

  it.each(converseFaults)('Codex hears $fault, $position', async ({ fault, modelId, isWhole }) => {
    const before = setup.emulator.requests.length;
    const { code, isFinished, failure } = await codex.run('Play a fault, please.', modelId);
    const asked = setup.emulator.requests.length - before;
    if (isWhole) {
      expect({ code, isFinished, failure, asked }).toEqual({ code: 0, isFinished: true, failure: undefined, asked: 1 });
    } else {
      const expected = { code: 1, isFinished: false, asked: isFinal.test(fault) ? 1 : 2 };
      expect({ code, isFinished, asked }).toEqual(expected);
      expect(failure).toMatch(/\w/);
    }
  });

  it.each(cuts)('Codex runs no command of an answer that breaks off %s', async (_, frames) => {
    setup.emulator.respondWith(streamReply(frames));
    try {
      const { items, isFinished } = await codex.run('Do this.', 'anthropic.claude-sonnet-4-6');
      expect(isFinished).toBe(false);
      expect(items.map(({ type }) => type)).not.toContain('command_execution');
      expect(() => codex.read('broken.txt')).toThrow('ENOENT');
    } finally {
      setup.emulator.respondWith(undefined);
    }
  });

  it('Codex runs the command of the same answer if it is whole', async () => {
    setup.emulator.respondWith(({ body }) =>
      Buffer.from(body).includes('toolResult') ? undefined : streamReply(framesFor('whole.txt')),
    );
    try {
      const { items, isFinished } = await codex.run('Do this.', 'anthropic.claude-sonnet-4-6');
      expect(isFinished).toBe(true);
      expect(items).toContainEqual(expect.objectContaining({ type: 'command_execution', exit_code: 0 }));
      expect(codex.read('whole.txt')).toBe('1\n');
    } finally {
      setup.emulator.respondWith(undefined);
    }
  });
});
