import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { locateRuntimeClient } from './locate-runtime-client.js';

it('finds the runtime client from a project that has it', () => {
  const tests = fileURLToPath(new URL('../../../../../tests', import.meta.url));
  expect(locateRuntimeClient(['/nowhere', tests])).toMatch(/aws-lambda-ric\/index\.mjs$/);
});

it('says in one sentence what to install where it is missing', () => {
  expect(() => locateRuntimeClient(['/nowhere'])).toThrow(
    /^startLambdaSandbox needs the package aws-lambda-ric, which is not installed\. Run: npm install /,
  );
});
