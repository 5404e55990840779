import { isUtf8 } from 'node:buffer';

/** The members of an event that contain the request body. */
export interface EventBody {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const textTypes = /^(?:text\/[^;]*|application\/(?:json|javascript|xml))\s*(?:;|$)/i;

/**
 * Encodes a body for payload format 2.0: text types as text, all others as base64, also forms and bodies without a
 * type.
 */
export function encodeBodyV2(body: Buffer, contentType: string | undefined): EventBody {
  if (body.length === 0) return { isBase64Encoded: false };
  return encode(body, textTypes.test(contentType ?? ''));
}

/** Encodes a body for a REST API: base64 if the content type is in `binaryMediaTypes`, otherwise text. */
export function encodeBodyV1(
  body: Buffer,
  contentType: string | undefined,
  binaryMediaTypes: readonly string[],
): EventBody {
  if (body.length === 0) return { isBase64Encoded: false };
  return encode(body, !isListed(contentType, binaryMediaTypes));
}

/** Whether the binary media types of an API include a type. */
export function isListed(mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const bare = mediaType?.split(';')[0]?.trim().toLowerCase();
  return binaryMediaTypes.some((listed) => listed === '*/*' || listed.toLowerCase() === bare);
}

// It is unconfirmed how AWS encodes text that is not valid UTF-8. base64 loses no bytes.
function encode(body: Buffer, isText: boolean): EventBody {
  return isText && isUtf8(body)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}
