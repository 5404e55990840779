/**
 * The shell command that sends a request. It contains a shell variable in place of the token.
 *
 * @param {{ readonly url: string, readonly hasToken: boolean, readonly body: string,
 *   readonly headers?: Readonly<Record<string, string>> }} request
 * @returns {string}
 */
export function curlCommand({ url, hasToken, body, headers = {} }) {
  return [
    `curl -N ${quote(url)}`,
    `-H 'content-type: application/json'`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(hasToken ? ['-H "authorization: Bearer $AUTH_TOKEN"'] : []),
    `-d ${quote(body)}`,
  ].join(' \\\n  ');
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
