/**
 * The shell command that sends a request. It contains a shell variable in place of the token.
 *
 * @param {{ readonly url: string, readonly hasToken: boolean, readonly body: string }} request
 * @returns {string}
 */
export function curlCommand({ url, hasToken, body }) {
  return [
    `curl -N ${quote(url)}`,
    `-H 'content-type: application/json'`,
    ...(hasToken ? ['-H "authorization: Bearer $AUTH_TOKEN"'] : []),
    `-d ${quote(body)}`,
  ].join(' \\\n  ');
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
