import { describe, expect, it } from 'vitest';
import { ConfigurationError, readVariable, readWholeNumber, readWord } from './environment.js';

describe('a variable', () => {
  it('is not set where it is set to nothing', () => {
    expect(readVariable({}, 'BEDROCK_REGION')).toBeUndefined();
    expect(readVariable({ BEDROCK_REGION: '' }, 'BEDROCK_REGION')).toBeUndefined();
    expect(readVariable({ BEDROCK_REGION: ' x ' }, 'BEDROCK_REGION')).toBe(' x ');
  });
});

describe('a whole number', () => {
  it.each([
    [undefined, 29_000],
    ['', 29_000],
    ['1', 1],
    [' 5000 ', 5_000],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j is %i', (value, expected) => {
    expect(readWholeNumber(value === undefined ? {} : { GATEWAY_TIMEOUT_MS: value }, 'GATEWAY_TIMEOUT_MS')).toBe(
      expected,
    );
  });

  it.each(['0', '-1', '1.5', '1e3', '0x10', '5s', '5 000', ' ', 'NaN', 'Infinity', '9007199254740992', '１'])(
    '%j is none, and the error names the variable and not the value',
    (value) => {
      expect(() => readWholeNumber({ GATEWAY_TIMEOUT_MS: value }, 'GATEWAY_TIMEOUT_MS')).toThrowError(
        expect.objectContaining({
          ...{ name: 'ConfigurationError', variable: 'GATEWAY_TIMEOUT_MS' },
          message: 'GATEWAY_TIMEOUT_MS must be a whole number of at least 1, in digits alone.',
        }),
      );
    },
  );

  it('may be as small as is said', () => {
    expect(readWholeNumber({ DEADLINE_MARGIN_MS: '0' }, 'DEADLINE_MARGIN_MS', { least: 0 })).toBe(0);
    expect(() => readWholeNumber({ HEARTBEAT_MS: '9' }, 'HEARTBEAT_MS', { least: 10 })).toThrowError('at least 10');
  });
});

describe('a word', () => {
  const read = (value?: string) =>
    readWord(value === undefined ? {} : { LOG_LEVEL: value }, 'LOG_LEVEL', ['info', 'warn']);

  it.each([
    [undefined, 'info'],
    ['', 'info'],
    ['warn', 'warn'],
    [' WARN ', 'warn'],
  ])('%j is %s', (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it.each(['warning', 'secret', ' '])('%j is none of them, and is not repeated', (value) => {
    expect(() => read(value)).toThrowError(new ConfigurationError('LOG_LEVEL', 'must be one of info, warn.'));
  });
});
