import { describe, expect, it } from 'vitest';
import {
  codeOfHostFailure,
  codeOfModelStatus,
  codeOfName,
  codeOfStatus,
  hostMessage,
  isAboutGuardrail,
} from './host-failure.js';

it.each([
  ['ValidationException', 'upstream_validation'],
  ['AccessDeniedException', 'upstream_denied'],
  ['UnrecognizedClientException', 'upstream_denied'],
  ['ExpiredTokenException', 'upstream_denied'],
  ['InvalidSignatureException', 'upstream_denied'],
  ['CredentialsProviderError', 'upstream_denied'],
  ['TokenProviderError', 'upstream_denied'],
  ['ResourceNotFoundException', 'model_not_found'],
  ['ThrottlingException', 'throttled'],
  ['ServiceQuotaExceededException', 'quota_exceeded'],
  ['ModelTimeoutException', 'upstream_timeout'],
  ['ModelNotReadyException', 'model_not_ready'],
  ['ServiceUnavailableException', 'upstream_unavailable'],
  ['InternalServerException', 'upstream_error'],
  ['ModelErrorException', 'upstream_error'],
  ['ModelStreamErrorException', 'upstream_error'],
  ['constructor', undefined],
  ['SomethingNewException', undefined],
])('codeOfName returns the code of %s: %s', (name, code) => {
  expect(codeOfName(name)).toBe(code);
});

it.each([
  [400, 'upstream_validation'],
  [401, 'upstream_denied'],
  [403, 'upstream_denied'],
  [404, 'model_not_found'],
  [408, 'upstream_timeout'],
  [413, 'upstream_validation'],
  [424, 'upstream_validation'],
  [429, 'throttled'],
  [500, 'upstream_error'],
  [502, 'upstream_error'],
  [503, 'upstream_unavailable'],
  [504, 'upstream_timeout'],
  [418, 'upstream_validation'],
  [499, 'upstream_validation'],
  [300, 'upstream_error'],
])('codeOfStatus turns %i into %s', (status, code) => {
  expect(codeOfStatus(status)).toBe(code);
});

it.each([
  [undefined, 'upstream_error'],
  [399, 'upstream_error'],
  [400, 'upstream_validation'],
  [404, 'upstream_validation'],
  [429, 'throttled'],
  [499, 'upstream_validation'],
  [500, 'upstream_error'],
])('codeOfModelStatus turns %s into %s', (status, code) => {
  expect(codeOfModelStatus(status)).toBe(code);
});

describe('a failure of the guardrail', () => {
  const failure = (name: string, message: string) => codeOfHostFailure({ name, message, status: 400 });

  it.each([
    ['ValidationException', 'The guardrail identifier or version provided in the request does not exist.'],
    ['ValidationException', 'Guardrail was enabled but input is in incorrect format.'],
    ['ValidationException', "Value '' at 'guardrailIdentifier' failed to satisfy constraint"],
    ['AccessDeniedException', 'not authorized to perform: bedrock:ApplyGuardrail on resource: arn:aws:x:guardrail/abc'],
    ['ResourceNotFoundException', 'Guardrails: none of this name.'],
  ])('%s: %s is for the operator', (name, message) => {
    expect(failure(name, message)).toBe('upstream_denied');
    expect(isAboutGuardrail({ name, message })).toBe(true);
  });

  it.each([
    ['ValidationException', 'extraneous key [guardrailConfig] is not permitted', 'upstream_validation'],
    ['ThrottlingException', 'The guardrail is throttled.', 'throttled'],
    ['ResourceNotFoundException', 'Could not resolve the foundation model.', 'model_not_found'],
  ])('%s: %s is none', (name, message, code) => {
    expect(failure(name, message)).toBe(code);
    expect(isAboutGuardrail({ name, message })).toBe(false);
  });
});

describe('codeOfHostFailure', () => {
  const code = (name: string, message: string, more: { status?: number; originalStatusCode?: number } = {}) =>
    codeOfHostFailure({ name, message, ...more });

  it('goes by the name, then by the status', () => {
    expect(code('ThrottlingException', 'slow', { status: 400 })).toBe('throttled');
    expect(code('Odd', 'slow', { status: 503 })).toBe('upstream_unavailable');
    expect(code('Odd', 'slow', { status: 300 })).toBe('upstream_error');
    expect(code('Odd', 'slow', { status: 200 })).toBeUndefined();
    expect(code('Odd', 'slow')).toBeUndefined();
  });

  it.each([
    ['Too many tokens, please wait before trying again.', 'throttled'],
    ['Too many requests per minute', 'throttled'],
    ['Your account is on a holiday', 'throttled'],
    ['Too many tokens per day, please wait before trying again.', 'quota_exceeded'],
    ['Too many requests PER MONTH', 'quota_exceeded'],
    ['The tokens-per-day quota is used up', 'quota_exceeded'],
    ['The daily limit is reached', 'quota_exceeded'],
  ])('tells a rate from a quota: %s', (message, expected) => {
    expect(code('ThrottlingException', message)).toBe(expected);
    expect(code('Unknown', message, { status: 429 })).toBe(expected);
    expect(code('ModelNotReadyException', message, { status: 429 })).toBe('model_not_ready');
  });

  it.each([
    ['Could not resolve the foundation model from the provided model identifier.', 'model_not_found'],
    ['This model version has reached the end of its life.', 'model_not_found'],
    ['Could not find acme.legacy-v1', 'model_not_found'],
    ['Access denied. This Model is marked by provider as Legacy and you have not been using it.', 'upstream_denied'],
    ['Model use case details have not been submitted for this account.', 'upstream_denied'],
    ['Fill out the use-case details form', 'upstream_denied'],
  ])('tells a model that is missing from one that the operator must ask for: %s', (message, expected) => {
    expect(code('ResourceNotFoundException', message)).toBe(expected);
    expect(code('Unknown', message, { status: 404 })).toBe(expected);
  });

  it.each(['ModelErrorException', 'ModelStreamErrorException'])('judges %s by the status of the model', (name) => {
    expect(code(name, 'x', { status: 424 })).toBe('upstream_error');
    expect(code(name, 'x', { status: 424, originalStatusCode: 400 })).toBe('upstream_validation');
    expect(code(name, 'x', { status: 424, originalStatusCode: 429 })).toBe('throttled');
    expect(code(name, 'x', { status: 424, originalStatusCode: 500 })).toBe('upstream_error');
    expect(code('InternalServerException', 'x', { originalStatusCode: 400 })).toBe('upstream_error');
  });
});

describe('hostMessage', () => {
  it('is the sentences of the host, cleaned, for a code that the client can fix', () => {
    expect(hostMessage('upstream_validation', 'a is 123456789012', 'b')).toBe('a is [account] b');
    expect(hostMessage('model_not_found', 'no such model')).toMatch(/^Bedrock does not know .* no such model$/);
  });

  it('is undefined for another code, and without a sentence', () => {
    expect(hostMessage('upstream_error', 'boom')).toBeUndefined();
    expect(hostMessage('upstream_validation', '', undefined, '  ')).toBeUndefined();
  });

  it('ends with what a model id looks like if the host only says that it is invalid', () => {
    expect(hostMessage('upstream_validation', 'The provided model identifier is invalid.')).toMatch(
      /^The provided model identifier is invalid\. .* eu\.amazon\.nova-lite-v1:0\.$/,
    );
  });
});
