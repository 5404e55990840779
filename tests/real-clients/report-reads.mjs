// Preloaded into the process of a function. Reports the length of each network read of a model's answer to the port in REPORT_READS_TO.
import { subscribe } from 'node:diagnostics_channel';
import { connect } from 'node:net';

const report = connect({ port: Number(process.env.REPORT_READS_TO), host: '127.0.0.1', noDelay: true });
report.unref();

subscribe('http.client.response.finish', ({ request, response }) => {
  // The runtime client of Lambda uses HTTP too.
  if (!request.path.startsWith('/model/')) return;
  // Node pushes the bytes of a body once for each read.
  const { push } = response;
  response.push = (bytes, ...rest) => {
    if (bytes !== null) report.write(`${bytes.length}\n`);
    return push.call(response, bytes, ...rest);
  };
});
