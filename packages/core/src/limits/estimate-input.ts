const quote = 0x22;
/** A shorter text of these characters may be a word. */
const shortestImage = 1_024;
const imageTokens = 1_600;
const bytesPerToken = 4;
const base64 = /^(?:data:[^,]{0,100},)?[A-Za-z0-9+/_-]+=*$/;

/**
 * An estimate of the input tokens in a JSON body: a token for every 4 bytes, and 1,600 for a string of over 1,024 base64 characters, which
 * is an image or a document.
 */
export function estimateInput(body: Uint8Array): number {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let ofText = bytes.length;
  let images = 0;
  let start = 0;
  // One pass over the bytes: a search for each quote would be slow in a body of nothing but quotes.
  for (let end = 0; end < bytes.length; end++) {
    if (bytes[end] !== quote) continue;
    const length = end - start;
    if (length > shortestImage && base64.test(bytes.toString('latin1', start, end))) {
      ofText -= length;
      images++;
    }
    start = end + 1;
  }
  return Math.ceil(ofText / bytesPerToken) + images * imageTokens;
}
