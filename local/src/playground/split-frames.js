/** The bytes of a frame beside its headers and its payload: two lengths and two checksums. */
const frameOverhead = 16;

/**
 * Splits an AWS event stream into its frames. The page shows them; it does not verify their checksums.
 *
 * @param {ReadableStream<Uint8Array> | null} body
 * @returns {AsyncGenerator<import('./dialects.js').WireEvent, void>}
 */
export async function* splitFrames(body) {
  const reader = body?.getReader();
  let rest = new Uint8Array();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const joined = new Uint8Array(rest.length + read.value.length);
    joined.set(rest);
    joined.set(read.value, rest.length);
    rest = joined;
    while (rest.length >= frameOverhead) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (length < frameOverhead || rest.length < length) break;
      yield readFrame(rest.subarray(0, length));
      rest = rest.slice(length);
    }
  }
}

/**
 * @param {Uint8Array} frame
 * @returns {import('./dialects.js').WireEvent}
 */
function readFrame(frame) {
  const headersEnd = 12 + new DataView(frame.buffer, frame.byteOffset).getUint32(4);
  const headers = readHeaders(frame.subarray(12, headersEnd));
  const event = headers[':event-type'] ?? headers[':exception-type'] ?? headers[':error-code'] ?? '';
  const data = new TextDecoder().decode(frame.subarray(headersEnd, frame.length - 4));
  return { event, data, raw: `${event} ${data}` };
}

/**
 * Reads the headers that are strings. Bedrock sends no others.
 *
 * @param {Uint8Array} bytes
 */
function readHeaders(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  /** @type {Record<string, string>} */
  const headers = {};
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + view.getUint8(at);
    const valueStart = nameEnd + 3;
    const valueEnd = valueStart + view.getUint16(nameEnd + 1);
    headers[decoder.decode(bytes.subarray(at + 1, nameEnd))] = decoder.decode(bytes.subarray(valueStart, valueEnd));
    at = valueEnd;
  }
  return headers;
}
