import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Codex, codexConfig, startCodex } from './codex.ts';
import { type Gateway, startGateway } from './start-gateway.ts';

const claude = 'anthropic.claude-sonnet-4-6';
/** A model that Codex knows: it then brings its tool for patches. */
const known = 'gpt-5.5';

const patch = ['*** Begin Patch', '*** Update File: a.txt', '@@', '-1 shell', '+2 patch', '*** End Patch', ''].join(
  '\n',
);
const task = [
  'Do this.',
  `call exec_command ${JSON.stringify({ cmd: 'echo 1 shell | tee a.txt' })}`,
  `call apply_patch ${JSON.stringify({ input: patch })}`,
].join('\n');

describe.each(['function-url', 'rest-api'] as const)('Codex behind %s', (endpoint) => {
  let gateway: Gateway;
  let codex: Codex;
  beforeAll(async () => {
    gateway = await startGateway(endpoint, { MODEL_ALIASES: JSON.stringify({ [known]: claude }) });
    codex = await startCodex(codexConfig(`${gateway.url}/v1`, { request: 0, stream: 0 }));
  });
  afterAll(async () => {
    codex[Symbol.dispose]();
    await gateway[Symbol.asyncDispose]();
  });

  it('answers, with the counts by which Codex shortens a conversation', async () => {
    const { code, items, isFinished, usage } = await codex.run('Say something.', claude);
    expect({ code, isFinished }).toEqual({ code: 0, isFinished: true });
    expect(items.at(-1)).toMatchObject({
      type: 'agent_message',
      text: expect.stringMatching(/^You sent me \d+ words/),
    });
    const { inputTokens, outputTokens } = gateway.ends().at(-1) ?? {};
    expect(usage).toMatchObject({ input_tokens: inputTokens, output_tokens: outputTokens });
    expect(gateway.ends().at(-1)).toMatchObject({ status: 200, terminal: 'done', dialect: 'openai' });
  });

  it('finishes a task with a command and a patch, with one request for each turn', async () => {
    const before = gateway.emulator.requests.length;
    const { code, items, isFinished } = await codex.run(task, known);
    expect({ code, isFinished }).toEqual({ code: 0, isFinished: true });
    expect(items).toMatchObject([
      { type: 'reasoning' },
      { type: 'agent_message', text: 'I will call exec_command.' },
      { type: 'command_execution', exit_code: 0, aggregated_output: '1 shell\n' },
      { type: 'reasoning' },
      { type: 'agent_message', text: 'I will call apply_patch.' },
      { type: 'file_change', changes: [{ path: expect.stringContaining('a.txt'), kind: 'update' }] },
      { type: 'reasoning' },
      { type: 'agent_message' },
    ]);
    expect(codex.read('a.txt')).toBe('2 patch\n');
    expect(gateway.emulator.requests.length - before).toBe(3);
    // Claude's signed reasoning comes back with each turn; the emulator refuses it if it was changed.
    const sent = JSON.stringify(gateway.emulator.requests.at(-1)?.json());
    expect(sent.match(/"reasoningContent"/g)).toHaveLength(2);
  });

  it('finds a tool of a namespace', async () => {
    const { isFinished } = await codex.run('call multi_agent_v1__close_agent {"target":"nobody"}', claude);
    expect(isFinished).toBe(true);
    const sent = JSON.stringify(gateway.emulator.requests.at(-1)?.json());
    expect(sent).toContain('"toolUse":{"toolUseId":');
    // Codex answers so to a name that it does not know.
    expect(sent).not.toContain('unsupported call');
  });

  it('shortens a conversation once, when it has grown over its limit', async () => {
    const limit = 13_000;
    const limited = `model_auto_compact_token_limit = ${limit}\n${codexConfig(`${gateway.url}/v1`, { request: 0, stream: 0 })}`;
    using small = await startCodex(limited);
    const before = gateway.ends().length;
    const growing = `call exec_command ${JSON.stringify({ cmd: 'seq 1 5000' })}\n`;
    const { code, isFinished } = await small.run(growing.repeat(5), claude);
    expect({ code, isFinished }).toEqual({ code: 0, isFinished: true });
    const ends = gateway.ends().slice(before);
    // Two commands, the summary, and an answer to it.
    expect(ends.map(({ stopReason }) => stopReason)).toEqual(['tool_use', 'tool_use', 'end_turn', 'end_turn']);
    expect(ends.at(-1)?.['inputTokens']).toBeLessThan(Number(ends[1]?.['inputTokens']));
  });
});
