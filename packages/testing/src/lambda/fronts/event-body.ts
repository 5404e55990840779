import { isUtf8 } from 'node:buffer';

/** The members of an event that carry its body. */
export interface EventBody {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const textTypes = /^(?:text\/[^;]*|application\/(?:json|javascript|xml))\s*(?:;|$)/i;

/** Payload format 2.0: text for the types that count as text, base64 for all else, forms and bodies of no type included. */
export function encodeBodyV2(body: Buffer, contentType: string | undefined): EventBody {
  if (body.length === 0) return { isBase64Encoded: false };
  return encode(body, textTypes.test(contentType ?? ''));
}

/** REST: text, unless the API lists the content type as binary. */
export function encodeBodyV1(
  body: Buffer,
  contentType: string | undefined,
  binaryMediaTypes: readonly string[],
): EventBody {
  if (body.length === 0) return { isBase64Encoded: false };
  return encode(body, !isListed(contentType, binaryMediaTypes));
}

/** Whether an API's list of binary media types holds a type. */
export function isListed(mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const bare = mediaType?.split(';')[0]?.trim().toLowerCase();
  return binaryMediaTypes.some((listed) => listed === '*/*' || listed.toLowerCase() === bare);
}

// What the gateways make of text that is no UTF-8 is unconfirmed. Base64 at least loses none of it.
function encode(body: Buffer, isText: boolean): EventBody {
  return isText && isUtf8(body)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}
