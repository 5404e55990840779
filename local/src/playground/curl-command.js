/**
 * A request as a shell takes it. The token stays out of it: the shell's own variable stands in its place.
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
