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
  let start = bytes.indexOf(quote);
  while (start !== -1) {
    const end = bytes.indexOf(quote, start + 1);
    if (end === -1) break;
    if (end - start > shortestImage + 1 && base64.test(bytes.toString('latin1', start + 1, end))) {
      ofText -= end - start - 1;
      images++;
    }
    start = end;
  }
  return Math.ceil(ofText / bytesPerToken) + images * imageTokens;
}
