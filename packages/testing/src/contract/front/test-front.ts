import { describe } from 'vitest';
import { nativeQuestions } from '../dialect/native-questions.js';
import type { FrontSetup } from './front-setup.js';
import { useFront } from './front-under-test.js';
import { testAddress, testAdmission } from './test-admission.js';
import { testBodyLimit } from './test-body-limit.js';
import { testCredentials } from './test-credentials.js';
import { testListedOrigins, testNoCors } from './test-cross-origin.js';
import { testOrderOfChecks, testRefusedAddress } from './test-order-of-checks.js';
import { testQuestions } from './test-questions.js';
import { testRefusals } from './test-refusals.js';
import { testRoutes } from './test-routes.js';
import { testSlowAnswers } from './test-slow-answers.js';
import { testStreamedAnswers } from './test-streamed-answers.js';
import { testTimes } from './test-times.js';
import { testWholeAnswers } from './test-whole-answers.js';

const tokens = { wide: 'wide-token-of-this-suite', narrow: 'narrow-token-of-this-suite' };
const records = [
  { id: 'wide', token: tokens.wide },
  { id: 'narrow', token: tokens.narrow, models: ['amazon.*'], stream: false },
];
const said = ['Grüße', 'Hel', 'You sent me'];
const secrets = [...said, ...Object.values(tokens), 'wrong-token-entirely'];
const maxBodyBytes = 2_000;
const times = { HEAD_WAIT_MS: '100', HEARTBEAT_MS: '100', DEADLINE_MARGIN_MS: '200', GATEWAY_TIMEOUT_MS: '800' };
const gatewayDeadlineMs = 600;
const silenceMs = 250;
const listed = ['https://app.example.com', 'https://admin.example.com:8443'];

/**
 * Declares the tests that every adapter passes, in a `describe` of this name: routes, bytes, order of checks, errors, CORS and the log,
 * with the real SDK before an emulated Bedrock. To be called from a vitest file; `setup` is started four times. With
 * `questions` of another dialect, the tests of the native one are left out.
 */
export function testFront(name: string, setup: FrontSetup): void {
  const isNative = setup.questions === undefined;
  const dialect = setup.questions ?? nativeQuestions;

  describe(name, () => {
    describe('open to everyone', () => {
      const front = useFront(setup, { environment: {}, allowedOrigin: () => '*', ownsCors: true, secrets: said });
      testQuestions(front, dialect);
      if (!isNative) return;
      testRoutes(front);
      testWholeAnswers(front);
      testStreamedAnswers(front);
      testRefusals(front);
    });

    describe('open to tokens', () => {
      const environment = {
        AUTH_TOKENS: JSON.stringify(records),
        CORS_ALLOWED_ORIGINS: listed.join(', '),
        MAX_BODY_BYTES: String(maxBodyBytes),
      };
      const allowedOrigin = (origin = '') => (listed.includes(origin) ? origin : undefined);
      const front = useFront(setup, { environment, allowedOrigin, ownsCors: true, secrets });
      testAdmission(front, dialect, tokens.wide, maxBodyBytes);
      if (!isNative) return;
      testCredentials(front, tokens.wide, 'wide');
      testOrderOfChecks(front, tokens, maxBodyBytes);
      testBodyLimit(front, tokens.wide, maxBodyBytes);
      testListedOrigins(front, listed);
    });

    describe('open to other addresses', () => {
      const environment = {
        AUTH_TOKENS: JSON.stringify(records),
        ALLOWED_IPS: '192.0.2.0/24,2001:db8::/32',
        CORS_ALLOWED_ORIGINS: 'off',
        MAX_BODY_BYTES: String(maxBodyBytes),
      };
      const front = useFront(setup, { environment, allowedOrigin: () => undefined, ownsCors: false, secrets });
      testAddress(front, dialect);
      if (!isNative) return;
      testRefusedAddress(front, tokens, maxBodyBytes);
      testNoCors(front);
    });

    describe('in a hurry', () => {
      const front = useFront(setup, { environment: times, allowedOrigin: () => '*', ownsCors: true, secrets: said });
      testSlowAnswers(front, dialect, silenceMs);
      if (isNative) testTimes(front, gatewayDeadlineMs, silenceMs);
    });
  });
}
