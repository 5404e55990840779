import { describe, expect, it } from 'vitest';
import { StepFailure } from './run-process.mjs';
import { validateStartArguments } from './validate-start-arguments.mjs';

describe('validateStartArguments', () => {
  it.each([[[]], [['--aws']]])('accepts %j', (args) => {
    expect(validateStartArguments(args, undefined)).toBeUndefined();
  });

  it('returns the help text for --help, even with other arguments', () => {
    expect(validateStartArguments(['--aws', '--help'], 'none')).toContain('--aws');
  });

  it('names an unknown argument in its error', () => {
    expect(() => validateStartArguments(['--asw'], undefined)).toThrow(/^unknown argument --asw;.*--help$/);
  });

  it.each(['0', '8787', '65535', ''])('accepts the port %j', (port) => {
    expect(validateStartArguments([], port)).toBeUndefined();
  });

  it.each(['65536', '-1', '80.5', 'http', '0x50', ' 80'])('refuses the port %j', (port) => {
    expect(() => validateStartArguments([], port)).toThrow(StepFailure);
  });
});
