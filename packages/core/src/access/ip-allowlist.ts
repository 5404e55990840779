import { BlockList, isIP, SocketAddress } from 'node:net';
import type { AccessPolicy } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';

/**
 * Lets in who calls from one of the ranges (CIDRs of IPv4 and IPv6), judged by the address that the front saw, never by a header.
 * It knows nobody: join it to a policy that does with `allOf`. Throws a `TypeError` for a range that is none.
 */
export function ipAllowlist(ranges: readonly string[]): AccessPolicy {
  const admitsSource = ipRanges(ranges);
  const policy: AccessPolicy = ({ sourceIp }) =>
    admitsSource(sourceIp) ? { allow: true, principal: anonymous } : { allow: false, code: 'ip_not_allowed' };
  return Object.assign(policy, { admitsSource });
}

interface Address {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
}

const mappedPrefix = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
/** The bits in front of the IPv4 address in an IPv6 address that only wraps one. */
const mappedBits = 96;

/**
 * Whether an address lies in one of the ranges: CIDRs or single addresses of IPv4 and IPv6, where IPv4 wrapped in IPv6 counts as IPv4.
 * A missing or unreadable address lies in none. Throws a `TypeError` that gives the place of a range that is none, not the range.
 */
export function ipRanges(ranges: readonly string[]): (ip: string | undefined) => boolean {
  // One list a family: a list of both would find 1.2.3.4 in ::/0.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [index, range] of ranges.entries()) {
    const subnet = parseRange(range.trim());
    if (subnet === undefined) throw new TypeError(`Range ${index + 1} is no CIDR such as 10.0.0.0/8 or 2001:db8::/32.`);
    lists[subnet.family].addSubnet(subnet.address, subnet.bits, subnet.family);
  }
  return (ip) => {
    const address = parseAddress(ip ?? '');
    return address !== undefined && lists[address.family].check(address.address, address.family);
  };
}

function parseRange(range: string): (Address & { readonly bits: number }) | undefined {
  const [, written = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const address = parseAddress(written);
  if (address === undefined) return undefined;
  const longest = address.family === 'ipv4' ? 32 : 128;
  const isMapped = address.family === 'ipv4' && written.includes(':');
  const bits = prefix === undefined ? longest : Number(prefix) - (isMapped ? mappedBits : 0);
  return bits >= 0 && bits <= longest ? { ...address, bits } : undefined;
}

function parseAddress(text: string): Address | undefined {
  const version = isIP(text);
  if (version === 4) return { family: 'ipv4', address: text };
  // An address with a zone means nothing outside of the host that it was written on.
  if (version !== 6 || text.includes('%')) return undefined;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  const mapped = mappedPrefix.exec(address)?.[1];
  return mapped === undefined ? { family: 'ipv6', address } : { family: 'ipv4', address: mapped };
}
