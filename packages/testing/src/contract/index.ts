export type {
  InvokerScenario,
  InvokerSetup,
  InvokerSubject,
  StreamEnding,
  StreamScenario,
} from './invoker-scenario.js';
export { testModelInvoker } from './test-model-invoker.js';
