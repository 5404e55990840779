import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { locateRuntimeClient } from './locate-runtime-client.js';

it('finds the runtime client from a project that depends on it', () => {
  const tests = fileURLToPath(new URL('../../../../../tests', import.meta.url));
  expect(locateRuntimeClient(['/nowhere', tests])).toMatch(/aws-lambda-ric\/index\.mjs$/);
});

it('throws an error with the install command if the package is missing', () => {
  expect(() => locateRuntimeClient(['/nowhere'])).toThrow(
    /^startLambdaSandbox needs the package aws-lambda-ric, which is not installed\. Run: npm install /,
  );
});
