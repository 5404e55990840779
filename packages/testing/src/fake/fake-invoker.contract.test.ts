import type { InvokerScenario, StreamScenario } from '../contract/invoker-scenario.js';
import { testModelInvoker } from '../contract/test-model-invoker.js';
import { FakeInvoker } from './fake-invoker.js';
import type { ReplyScript } from './reply-script.js';

const callsPerTest = 3;

testModelInvoker('FakeInvoker', (scenario) => {
  const invoker = new FakeInvoker();
  for (let call = 0; call < callsPerTest; call += 1) script(invoker, scenario);
  return {
    invoker,
    received: () => invoker.calls.length,
    givenUp: () => invoker.calls.filter(({ aborted }) => aborted).length,
    upstreamName,
  };
});

const upstreamName = (code: string) => `Exception of ${code}`;

function script(invoker: FakeInvoker, scenario: InvokerScenario): FakeInvoker {
  switch (scenario.type) {
    case 'answer':
      return invoker.replyBody(scenario.body, scenario);
    case 'refusal':
      return invoker.failWith(scenario.code, { upstream: { name: upstreamName(scenario.code) } });
    case 'silence':
      return invoker.hang();
    case 'stream':
      return invoker.reply((answer) => play(answer, scenario));
  }
}

function play(answer: ReplyScript, { chunks, holdLast, ending }: StreamScenario): void {
  const documents = chunks.map(({ bytes, eventType }) => (eventType === undefined ? bytes : { [eventType]: bytes }));
  answer.chunks(...documents.slice(0, -1));
  if (holdLast) answer.waitFor(holdLast);
  answer.chunks(...documents.slice(-1));
  if (ending === 'stall') answer.hang();
  else if (ending === 'broken') answer.failWith('upstream_truncated');
  else if (ending !== 'end') answer.failWith(ending.failure, { upstream: { name: upstreamName(ending.failure) } });
}
