import { describe, expect, it } from 'vitest';
import { ConfigurationError, readVariable, readWholeNumber, readWord } from './environment.js';

describe('readVariable', () => {
  it('returns undefined for an unset or empty variable', () => {
    expect(readVariable({}, 'BEDROCK_REGION')).toBeUndefined();
    expect(readVariable({ BEDROCK_REGION: '' }, 'BEDROCK_REGION')).toBeUndefined();
    expect(readVariable({ BEDROCK_REGION: ' x ' }, 'BEDROCK_REGION')).toBe(' x ');
  });
});

describe('readWholeNumber', () => {
  it.each([
    [undefined, 29_000],
    ['', 29_000],
    ['1', 1],
    [' 5000 ', 5_000],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %j as %i', (value, expected) => {
    expect(readWholeNumber(value === undefined ? {} : { GATEWAY_TIMEOUT_MS: value }, 'GATEWAY_TIMEOUT_MS')).toBe(
      expected,
    );
  });

  it.each(['0', '-1', '1.5', '1e3', '0x10', '5s', '5 000', ' ', 'NaN', 'Infinity', '9007199254740992', '１'])(
    'refuses %j with an error that names the variable, but not the value',
    (value) => {
      expect(() => readWholeNumber({ GATEWAY_TIMEOUT_MS: value }, 'GATEWAY_TIMEOUT_MS')).toThrowError(
        expect.objectContaining({
          ...{ name: 'ConfigurationError', variable: 'GATEWAY_TIMEOUT_MS' },
          message: 'GATEWAY_TIMEOUT_MS must be a whole number of at least 1, written in digits.',
        }),
      );
    },
  );

  it('accepts another minimum', () => {
    expect(readWholeNumber({ DEADLINE_MARGIN_MS: '0' }, 'DEADLINE_MARGIN_MS', { min: 0 })).toBe(0);
    expect(() => readWholeNumber({ HEARTBEAT_MS: '9' }, 'HEARTBEAT_MS', { min: 10 })).toThrowError('at least 10');
  });
});

describe('readWord', () => {
  const read = (value?: string) =>
    readWord(value === undefined ? {} : { LOG_LEVEL: value }, 'LOG_LEVEL', ['info', 'warn']);

  it.each([
    [undefined, 'info'],
    ['', 'info'],
    ['warn', 'warn'],
    [' WARN ', 'warn'],
  ])('reads %j as %s', (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it.each(['warning', 'secret', ' '])('refuses %j without quoting it', (value) => {
    expect(() => read(value)).toThrowError(new ConfigurationError('LOG_LEVEL', 'must be one of info, warn.'));
  });
});
