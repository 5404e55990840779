import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipRanges } from './ip-allowlist.js';

describe('ipRanges', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.7/32', '192.0.2.6', false],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '203.0.113.1', false],
    ['::/0', '::ffff:203.0.113.1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:DB8::/32', '2001:0db8:0:0::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::1', '2001:db8::1', true],
    ['2001:db8::1', '2001:db8::2', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:a01:203', true],
    ['10.0.0.0/8', '0:0:0:0:0:FFFF:0A01:0203', true],
    ['10.0.0.0/8', '::ffff:11.1.2.3', false],
    ['10.0.0.0/8', '::10.1.2.3', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['::ffff:10.1.2.3', '10.1.2.3', true],
    ['::ffff:10.1.2.3', '10.1.2.4', false],
    [' 10.0.0.0/8 ', '10.1.2.3', true],
  ])('checks whether %s contains %s: %j', (range, ip, isWithin) => {
    expect(ipRanges([range])(ip)).toBe(isWithin);
  });

  it.each([
    undefined,
    '',
    'localhost',
    '10.1.2.3, 10.1.2.3',
    '10.1.2.3:443',
    '10.1.2',
    '10.1.2.3.4',
    '010.1.2.3',
    '0x0a.1.2.3',
    '167838211',
    ' 10.1.2.3',
    '[::1]',
    'fe80::1%eth0',
    '10.0.0.0/8',
  ])('finds %j in no range', (ip) => {
    expect(ipRanges(['0.0.0.0/0', '::/0'])(ip)).toBe(false);
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.0.0.0/8.0',
    '10.0.0.0/255.0.0.0',
    '2001:db8::/129',
    '::ffff:10.0.0.0/95',
    'fe80::1%eth0/64',
    '*',
  ])('refuses the range %j without quoting it', (range) => {
    expect(() => ipRanges(['10.0.0.0/8', range])).toThrow(
      new TypeError('Range 2 is not a valid CIDR, such as 10.0.0.0/8 or 2001:db8::/32.'),
    );
  });

  it('finds no address if there are no ranges', () => {
    expect(ipRanges([])('10.1.2.3')).toBe(false);
  });

  it('agrees with arithmetic for every IPv4 prefix', () => {
    const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
    const numberOf = (parts: readonly number[]) => parts.reduce((value, part) => value * 256 + part, 0);
    fc.assert(
      fc.property(octets, octets, fc.nat(32), (network, address, bits) => {
        const size = 2 ** (32 - bits);
        const isWithin = Math.floor(numberOf(network) / size) === Math.floor(numberOf(address) / size);
        expect(ipRanges([`${network.join('.')}/${bits}`])(address.join('.'))).toBe(isWithin);
        expect(ipRanges([`${network.join('.')}/${bits}`])(`::ffff:${address.join('.')}`)).toBe(isWithin);
      }),
    );
  });
});
