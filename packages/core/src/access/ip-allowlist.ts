import { BlockList, isIP, SocketAddress } from 'node:net';
import type { AccessPolicy } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';

/**
 * Admits callers from the given ranges (CIDRs of IPv4 and IPv6). It checks the address that the front received, never a header. It does
 * not identify callers, so combine it with `allOf` and a policy that does. Throws a `TypeError` for an invalid range.
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
/** The length of the prefix in an IPv4-mapped IPv6 address. */
const mappedBits = 96;

/**
 * Returns a function that checks whether an address is in one of the ranges: CIDRs or single addresses of IPv4 and IPv6. IPv4-mapped IPv6
 * counts as IPv4. A missing or malformed address is in no range. Throws a `TypeError` with the number of an invalid range, not its text.
 */
export function ipRanges(ranges: readonly string[]): (ip: string | undefined) => boolean {
  // One list for each family, because a common list would find 1.2.3.4 in ::/0.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [index, range] of ranges.entries()) {
    const subnet = parseRange(range.trim());
    if (subnet === undefined)
      throw new TypeError(`Range ${index + 1} is not a valid CIDR, such as 10.0.0.0/8 or 2001:db8::/32.`);
    lists[subnet.family].addSubnet(subnet.address, subnet.bits, subnet.family);
  }
  return (ip) => {
    const address = parseAddress(ip ?? '');
    return address !== undefined && lists[address.family].check(address.address, address.family);
  };
}

function parseRange(range: string): (Address & { readonly bits: number }) | undefined {
  const [, text = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const maxBits = address.family === 'ipv4' ? 32 : 128;
  const isMapped = address.family === 'ipv4' && text.includes(':');
  const bits = prefix === undefined ? maxBits : Number(prefix) - (isMapped ? mappedBits : 0);
  return bits >= 0 && bits <= maxBits ? { ...address, bits } : undefined;
}

function parseAddress(text: string): Address | undefined {
  const version = isIP(text);
  if (version === 4) return { family: 'ipv4', address: text };
  // A zone has a meaning only on one host.
  if (version !== 6 || text.includes('%')) return undefined;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  const mapped = mappedPrefix.exec(address)?.[1];
  return mapped === undefined ? { family: 'ipv6', address } : { family: 'ipv4', address: mapped };
}
