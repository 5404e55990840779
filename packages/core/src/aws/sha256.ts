import { hash } from 'node:crypto';
import type { Checksum, SourceData } from '@smithy/types';

const blockBytes = 64;
const digestBytes = 32;

/**
 * SHA-256, or HMAC-SHA-256 (RFC 2104) with a secret, for the signer of the SDK. The SDK's own class creates one of Node's hash objects for
 * each of the four digests of a signature, which is most of what a signature costs. `hash` needs none.
 */
export class Sha256 implements Checksum {
  readonly #key: Uint8Array | undefined;
  #parts: Uint8Array[] = [];

  constructor(secret?: SourceData) {
    if (secret === undefined) return;
    const key = bytesOf(secret);
    this.#key = key.length > blockBytes ? sha256(key) : key;
  }

  update(data: Uint8Array): void {
    this.#parts.push(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    const [only, ...others] = this.#parts;
    const data = only !== undefined && others.length === 0 ? only : Buffer.concat(this.#parts);
    return this.#key === undefined ? sha256(data) : hmac(this.#key, data);
  }

  reset(): void {
    this.#parts = [];
  }
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const inner = Buffer.alloc(blockBytes + data.length, 0x36, 'latin1');
  const outer = Buffer.alloc(blockBytes + digestBytes, 0x5c, 'latin1');
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  inner.set(data, blockBytes);
  outer.set(sha256(inner), blockBytes);
  return sha256(outer);
}

function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

/** The signer passes strings too, which its types do not say. */
function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data);
}
