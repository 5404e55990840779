export type { FrontSetup, FrontSubject } from './front/front-setup.js';
export { testFront } from './front/test-front.js';
export type {
  InvokerScenario,
  InvokerSetup,
  InvokerSubject,
  StreamEnding,
  StreamScenario,
} from './invoker-scenario.js';
export { testModelInvoker } from './test-model-invoker.js';
