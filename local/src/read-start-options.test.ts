import { expect, it } from 'vitest';
import { readStartOptions } from './read-start-options.ts';

it('serves the emulator on 8787 where nothing is said', () => {
  const byDefault = { kind: 'serve', port: 8787, usesAws: false };
  expect(readStartOptions([], undefined)).toEqual(byDefault);
  expect(readStartOptions([], '')).toEqual(byDefault);
});

it('reads --aws and PORT', () => {
  expect(readStartOptions(['--aws'], '0')).toEqual({ kind: 'serve', port: 0, usesAws: true });
  expect(readStartOptions([], '65535')).toMatchObject({ port: 65_535 });
});

it.each([['--help'], ['-h'], ['--aws', '--help'], ['--unknown', '--help']])('helps with %s %s', (...args) => {
  expect(readStartOptions(args, 'nonsense')).toEqual({ kind: 'help' });
});

it('names an argument that it does not know', () => {
  expect(() => readStartOptions(['--asw'], undefined)).toThrow('unknown argument --asw; see npm start -- --help');
});

it.each(['65536', '-1', '80a', '1e3', ' 80', '8.5'])('refuses PORT=%s', (port) => {
  expect(() => readStartOptions([], port)).toThrow('PORT must be a whole number from 0 to 65535');
});
