import { describe, expect, it } from 'vitest';
import { StepFailure } from './run-process.mjs';
import { judgeStartArguments } from './start-arguments.mjs';

describe('the arguments of npm start', () => {
  it.each([[[]], [['--aws']]])('lets %j pass', (args) => {
    expect(judgeStartArguments(args, undefined)).toBeUndefined();
  });

  it('answers a request for help, whatever else was asked', () => {
    expect(judgeStartArguments(['--aws', '--help'], 'none')).toContain('--aws');
  });

  it('refuses what it does not know, by its name', () => {
    expect(() => judgeStartArguments(['--asw'], undefined)).toThrow(/^unknown argument --asw;.*--help$/);
  });

  it.each(['0', '8787', '65535', ''])('takes the port %j', (port) => {
    expect(judgeStartArguments([], port)).toBeUndefined();
  });

  it.each(['65536', '-1', '80.5', 'http', '0x50', ' 80'])('refuses the port %j', (port) => {
    expect(() => judgeStartArguments([], port)).toThrow(StepFailure);
  });
});
