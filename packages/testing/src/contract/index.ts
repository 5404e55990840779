export type {
  DialectAnswer,
  DialectQuestion,
  DialectQuestions,
  DialectReading,
  DialectRequest,
  DialectSetup,
  RefusedRequest,
  ServedProxy,
} from './dialect/dialect-setup.js';
export { nativeQuestions } from './dialect/native-questions.js';
export { testDialect } from './dialect/test-dialect.js';
export type { FrontSetup, FrontSubject } from './front/front-setup.js';
export { testFront } from './front/test-front.js';
export type {
  AnswerScenario,
  InvokerScenario,
  InvokerSetup,
  InvokerSubject,
  RefusalScenario,
  StreamEnding,
  StreamScenario,
} from './invoker-scenario.js';
export type { LimitStoreSetup, LimitStoreSubject } from './limit-store/test-limit-store.js';
export { testLimitStore } from './limit-store/test-limit-store.js';
export { testModelInvoker } from './test-model-invoker.js';
